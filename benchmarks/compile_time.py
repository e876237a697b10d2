#!/usr/bin/env python3
"""What it costs to compile: seconds of user time and the peak of memory, for each compiler.

    ./tools/bench compile_time [--rounds 3] [--compiler g++]

Each translation unit is compiled with -O2 by the compiler itself, without ccache; the median of the rounds is shown,
which are interleaved. Memory is the largest resident set of the compiler proper.
"""
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile

import common

FLAGS = ["-std=c++20", "-O2", "-DNDEBUG", "-DASIO_STANDALONE", "-DASIO_NO_DEPRECATED", f"-I{common.ROOT / 'include'}",
         f"-I{common.ROOT / 'tests'}", f"-I{common.ROOT / 'examples'}"]
COMPILERS = ("g++", "clang++-14", "clang++-19")

HELLO = """#include <wend/wend.hpp>
int main() {
  auto const api = wend::routes(wend::get<"/">([] { return "Hello, world!"; }));
  wend::serve(api, {.port = 0});
}
"""


def routes(count):
    """A table of so many routes, as a service would have them: none is like the other."""
    kinds = ('wend::get<"/{kind}{i}">([] {{ return "{i}"; }})',
             'wend::get<"/{kind}{i}/{{id:int}}">([](int id) {{ return id; }})',
             'wend::post<"/{kind}{i}/{{name}}/items">([](std::string_view name) {{ return name; }})',
             'wend::del<"/{kind}{i}/{{id:int}}">([](int) {{}})')
    return ",\n      ".join(kinds[i % len(kinds)].format(kind="abcdefgh"[i % 8], i=i // len(kinds))
                            for i in range(count))


def table(count):
    return ("#include <wend/routes.hpp>\n#include <string_view>\n"
            f"auto declared() {{\n  return wend::routes(\n      {routes(count)});\n}}\n"
            "wend::service made() {\n  static auto const api = declared();\n  return api;\n}\n")


def units():
    """name: source text. One whose name ends in "separately" is compiled with WEND_SEPARATE_COMPILATION, one that
    imports wend by a compiler that can."""
    return {
        "asio.hpp alone": "#include <asio.hpp>\n",
        "nlohmann/json.hpp alone": "#include <nlohmann/json.hpp>\n",
        "wend/wend.hpp alone": "#include <wend/wend.hpp>\n",
        "wend/routes.hpp alone": "#include <wend/routes.hpp>\n",
        "hello with wend.hpp": HELLO,
        "hello separately": HELLO,
        "hello with import wend": HELLO.replace("#include <wend/wend.hpp>", "import wend;"),
        "the notes example": '#include "notes.cpp"\n',
        **{f"{n} routes with routes.hpp": table(n) for n in (10, 20, 100, 500)},
        "20 routes separately": table(20),
        "203 routes of GitHub": '#include "support/github.hpp"\n#include <wend/app/service.hpp>\n'
                                "auto const api = wend::test::github_table();\n"
                                "wend::service made() { return api; }\n",
    }


def flags_of(compiler, name, folder):
    """What a unit needs besides FLAGS; None where the compiler cannot compile it."""
    if name.endswith("separately"):
        return ["-DWEND_SEPARATE_COMPILATION"]
    if "import" not in name:
        return []
    if compiler != "clang++-19":
        return None
    module = folder / "wend.pcm"
    if not module.exists():
        common.output([compiler, *FLAGS, "-pthread", "--precompile", common.ROOT / "include/wend/wend.cppm", "-o", module])
    return ["-pthread", f"-fmodule-file=wend={module}"]


def compile_once(compiler, flags, source, target):
    """(user seconds, peak MiB); throws the first error when it does not compile."""
    log = target.with_suffix(".log")
    with open(log, "w", encoding="utf-8") as errors:
        process = subprocess.Popen([compiler, *FLAGS, *flags, "-c", source, "-o", target], stderr=errors,
                                   env={**os.environ, "CCACHE_DISABLE": "1"})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = re.search(r"error: .{0,100}", log.read_text(encoding="utf-8"))
        raise RuntimeError(said[0] if said else f"exit status {process.returncode}")
    return usage.ru_utime, usage.ru_maxrss / 1024


def size_of_hello(compiler, folder):
    """KiB of the program, stripped."""
    program = folder / "hello"
    common.output([compiler, *FLAGS, folder / "hello_with_wend_hpp.cpp", "-o", program, "-s", "-pthread"])
    return program.stat().st_size / 1024


def main():
    settings = common.options(__doc__, rounds=(3, "how often each is compiled"),
                              compiler=([], "only this compiler; may be said often"))
    compilers = [c for c in settings.compiler or COMPILERS if shutil.which(c)]
    figures = {(c, name): [] for c in compilers for name in units()}
    failures = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        sources = {name: folder / (re.sub(r"\W", "_", name) + ".cpp") for name in units()}
        for name, text in units().items():
            sources[name].write_text(text, encoding="utf-8")
        for number in range(settings.rounds):
            common.say(f"round {number + 1} of {settings.rounds}")
            for (compiler, name), each in figures.items():
                flags = flags_of(compiler, name, folder)
                if flags is None:
                    continue
                try:
                    each.append(compile_once(compiler, flags, sources[name], folder / "out.o"))
                except RuntimeError as failure:
                    failures[compiler, name] = str(failure)
        sizes = {c: size_of_hello(c, folder) for c in compilers}
    rows = [(name, *(cell for c in compilers for cell in cells(figures[c, name]))) for name in units()]
    refused = "".join(f"\n\n{name} does not compile with {c}: `{why}`" for (c, name), why in failures.items())
    versions = "; ".join(common.compiler(c) for c in compilers)
    common.publish("compile_time", common.table(["unit", *(h for c in compilers for h in (f"{c} s", "MiB"))], rows) +
                   f"\n\nUser seconds and peak memory, the median of {settings.rounds}, with -O2 ({versions}). The "
                   "hello program, linked and stripped: " +
                   ", ".join(f"{c} {kib:.0f} KiB" for c, kib in sizes.items()) + "." + refused, settings)


def cells(measured):
    if not measured:
        return "-", "-"
    return (f"{statistics.median(s for s, _ in measured):.2f}", f"{statistics.median(m for _, m in measured):.0f}")


if __name__ == "__main__":
    main()
