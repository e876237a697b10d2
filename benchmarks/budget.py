#!/usr/bin/env python3
"""Holds the instructions per request against benchmarks/budget.txt.

    ./tools/bench budget            fails for each figure that is more than 3 % above its line
    ./tools/bench budget --write    makes the figures of now the budget

The budget is of one set of tools, which the head of the file names; with others it says nothing and is left out.
"""
import argparse
import pathlib
import re
import sys

import common
import instructions

FILE = common.ROOT / "benchmarks" / "budget.txt"
SLACK = 0.03

HEAD = """\
# User-space instructions: what a request, or a part of one, may cost. benchmarks/instructions.py says how they are
# counted. The stage `budget` of ./tools/test fails where one costs more than 3 % more than its line says, and is left
# out where the tools are not these. To change the budget on purpose: ./tools/bench budget --write
"""


def tools():
    """What the figures depend on, as the lines that stand in the head of the file."""
    asked = ("#include <asio/version.hpp>\n#include <nlohmann/json.hpp>\n"
             "wanted ASIO_VERSION NLOHMANN_JSON_VERSION_MAJOR NLOHMANN_JSON_VERSION_MINOR NLOHMANN_JSON_VERSION_PATCH "
             "__GLIBC__ __GLIBC_MINOR__\n")
    words = common.output(["g++", "-std=c++20", "-E", "-P", "-x", "c++", "-"], input=asked).split("wanted")[-1].split()
    flags = re.search(r"^flags\s*:(.*)$", pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.M)
    return {"compiler": common.compiler(), "asio": words[0], "nlohmann_json": ".".join(words[1:4]),
            "glibc": ".".join(words[4:6]), "avx2": "yes" if flags and "avx2" in flags[1].split() else "no"}


def read():
    """(tools, figures) of the file."""
    text = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    return (dict(re.findall(r"^#   (\w+): (.*)$", text, re.M)),
            {name: int(n) for name, n in re.findall(r"^(\w\S*) +(\d+)$", text, re.M)})


def write(figures):
    width = max(map(len, figures)) + 2
    FILE.write_text(HEAD + "#\n" + "".join(f"#   {k}: {v}\n" for k, v in tools().items()) +
                    "".join(f"{name:{width}}{n:7.0f}\n" for name, n in figures.items()), encoding="utf-8")


def check(name, budget, measured):
    """Says how a figure stands; False if it is over its budget, or is not in it."""
    if budget is None or measured is None:
        common.say(f"FAIL {name} is {'not in the budget' if budget is None else 'in the budget, but not measured'}; "
                   "./tools/bench budget --write puts that right")
        return False
    off = measured / budget - 1
    numbers = f"{name:24} budget {budget:7}, measured {measured:9.1f}, {100 * off:+5.1f} %"
    if off > SLACK:
        common.say(f"FAIL {numbers}; if that is meant to be: ./tools/bench budget --write")
    else:
        common.say(f"ok   {numbers}" + ("; lower it: ./tools/bench budget --write" if off < -SLACK else ""))
    return off <= SLACK


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="make the figures of now the budget")
    settings = parser.parse_args()
    of_tools, budget = read()
    if not settings.write:
        for what, is_now in tools().items():
            if of_tools.get(what) != is_now:
                common.leave_out(f"the budget is of {what} {of_tools.get(what)}, and this is {is_now}")
    measured, _ = instructions.measure()
    if settings.write:
        write(measured)
        common.say(FILE.read_text(encoding="utf-8"))
        return 0
    good = [check(name, budget.get(name), measured.get(name)) for name in {**budget, **measured}]
    common.say(f"{sum(good)} passed, {len(good) - sum(good)} failed")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
