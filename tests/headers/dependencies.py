#!/usr/bin/env python3
"""Asks the preprocessor which third-party headers ours pull in.

tests/tools/layers.py reads the include lines; this is the same promise checked from the other side, through
every transitive include: whoever only declares routes compiles neither Asio nor nlohmann_json.
"""
import argparse
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "include"

# header or folder below include/wend -> what must not be reached from it
FORBIDDEN = {
    "http/": ("asio", "nlohmann"),
    "wire/": ("asio", "nlohmann"),
    "route/": ("asio", "nlohmann"),
    "routes.hpp": ("asio", "nlohmann"),
    "handler/": ("asio",),
    "app/": ("asio",),
    "net/serve.hpp": ("asio", "nlohmann"),
}


def dependencies(compiler, header):
    # -M and not -MM: that one leaves out system folders, and /usr/include/asio is in one
    command = [compiler, "-std=c++20", "-M", "-x", "c++", "-I", str(INCLUDE), str(header)]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        return None, run.stderr
    return run.stdout.replace("\\\n", " ").split(), ""


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--compiler", default="c++")
    compiler = arguments.parse_args().compiler

    passed = failed = 0
    for header in sorted((INCLUDE / "wend").rglob("*.hpp")):
        name = header.relative_to(INCLUDE / "wend").as_posix()
        forbidden = next((f for prefix, f in FORBIDDEN.items() if name.startswith(prefix)), ())
        if not forbidden:
            continue
        paths, error = dependencies(compiler, header)
        if paths is None:
            failed += 1
            print(f"wend/{name}: does not preprocess\n{error}")
            continue
        reached = [p for p in paths for f in forbidden if f"/{f}/" in p or p.endswith(f"/{f}.hpp")]
        if reached:
            failed += 1
            print(f"wend/{name}: reaches {reached[0]}")
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
