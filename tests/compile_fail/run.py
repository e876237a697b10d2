#!/usr/bin/env python3
"""Checks what the compiler says about each tests/compile_fail/*.cpp.

    run.py --compiler g++ [--compiler clang++-14 ...] [--jobs N] [--show] [file.cpp ...]

A file is one mistake of a user. Its comments say what is expected:

    // expect: route pattern: no capture has this name     a sentence of a static_assert; must be printed
    // expect-gcc: ...                                     more text, for one compiler: gcc, clang, clang14,
    // expect-clang19: ...                                 clang19, gcc12; may be repeated
    // errors: 2 because ...                               instead of exactly one line with "error:"

    int n = table.index_of<"nmae">();  // wrong
    // right: int n = table.index_of<"name">();            the line that would have been right

The compilation must fail, print the sentence, exactly one error and at most 15 lines in all, measured on the
compiler's default output. With the right line in the place of the wrong one it must compile: otherwise it
failed for another reason (what it includes is precompiled for that half, which prints nothing). `// right:` may stand more than once after a `// wrong` line (several lines), or be
empty. `--show` prints the output of every compilation, to write the sentences by.

    run.py --sentences

compiles nothing, and finds each static_assert of include/ whose sentence no file expects. In a header
with a function sentence() each stands twice, for static_assert and for exceptions: a missing twin is found too.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FLAGS = ["-std=c++20", "-fsyntax-only", "-DASIO_STANDALONE", "-DASIO_NO_DEPRECATED",
         "-I", str(ROOT / "include"), "-I", str(ROOT / "tests")]
PRECOMPILED = ("wend/extra/client.hpp", "wend/routes.hpp")
LINES = 15
ERROR = re.compile(r"^[^\s].*?: (?:fatal )?error: ", re.M)
COMMENT = re.compile(r"^// (expect[-a-z0-9]*|errors): *(.*?)\s*$", re.M)


class Compiler:
    def __init__(self, path):
        self.path = path
        self.name = pathlib.Path(path).name
        version = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
        family = "clang" if "clang" in version else "gcc"
        major = subprocess.run([path, "-dumpversion"], capture_output=True, text=True).stdout.split(".")[0]
        self.labels = {"expect", f"expect-{family}", f"expect-{family}{major.strip()}"}
        self.precompiled = {}  # header: the flags that make this compiler read it as it was precompiled

    def compile(self, source, *flags):
        run = subprocess.run([self.path, *FLAGS, *flags, str(source)], capture_output=True, text=True,
                             errors="replace", env={**os.environ, "LC_ALL": "C"})
        return run.returncode == 0, run.stderr

    def precompile(self, name, folder):
        header = pathlib.Path(folder) / f"{self.name}-{name.replace('/', '-')}"
        header.write_text(f"#include <{name}>\n", encoding="utf-8")
        flags = [flag for flag in FLAGS if flag != "-fsyntax-only"]
        clang = "expect-clang" in self.labels
        result = header.with_suffix(".hpp.pch" if clang else ".hpp.gch")
        subprocess.run([self.path, *flags, "-x", "c++-header", str(header), "-o", str(result)], check=True)
        self.precompiled[name] = ["-include-pch", str(result)] if clang else ["-include", str(header)]


def corrected(text):
    """The text with each wrong line replaced by its right ones; None when the file marks none."""
    out, pending, found = [], False, False
    for line in text.splitlines():
        if line.rstrip().endswith("// wrong"):
            pending = found = True
            out.append("")
        elif pending and line.strip().startswith("// right:"):
            out.append(line.strip()[len("// right:"):].strip())
        else:
            # a // right: that the formatter moved away from its line would be a silent no-op
            pending = pending and not line.strip()
            out.append(line)
    return "\n".join(out) + "\n" if found and any("// right:" in l for l in text.splitlines()) else None


def squeeze(text):
    return " ".join(text.split())


def check(compiler, path, show):
    """The complaints about one file on one compiler."""
    text = path.read_text(encoding="utf-8")
    comments = COMMENT.findall(text)
    sentences = [value for key, value in comments if key in compiler.labels]
    wanted = next((int(value.split()[0]) for key, value in comments if key == "errors"), 1)
    if not any(key == "expect" for key, _ in comments):
        return ["has no `// expect:` line"]

    compiled, output = compiler.compile(path)
    bad = []
    if compiled:
        bad.append("compiles")
    for sentence in sentences:
        if squeeze(sentence) not in squeeze(output):
            bad.append(f"does not say: {sentence}")
    errors = len(ERROR.findall(output))
    if not compiled and errors != wanted:
        bad.append(f"prints {errors} errors, not {wanted}")
    lines = len(output.splitlines())
    if lines > LINES:
        bad.append(f"prints {lines} lines, more than {LINES}")
    if bad or show:
        bad_or_shown = "\n".join("    | " + line for line in output.splitlines()[:60])
        print(f"{path.name} on {compiler.name}:\n{bad_or_shown}", flush=True)

    right = corrected(text)
    if right is not None:
        with tempfile.TemporaryDirectory() as folder:
            twin = pathlib.Path(folder) / path.name
            twin.write_text(right, encoding="utf-8")
            flags = next((f for name, f in compiler.precompiled.items() if f"#include <{name}>" in right), [])
            compiled, output = compiler.compile(twin, *flags)
        if not compiled:
            bad.append("does not compile with the right line either:\n"
                       + "\n".join("    | " + line for line in output.splitlines()[:20]))
    return bad


LITERAL = r'"((?:[^"\\\n]|\\.)*)"'
LITERALS = re.compile(rf"{LITERAL}(?:\s*{LITERAL})*")  # neighbours are one
ASSERT = re.compile(r"\bstatic_assert\((?:[^;\"]|" + LITERAL + r")*?;")


def literals_of(text):
    for match in LITERALS.finditer(text):
        joined = "".join(re.findall(LITERAL, match[0]))
        yield re.sub(r"\\(.)", r"\1", joined)


def check_sentences():
    """The number of sentences that are in order, and complaints about the others."""
    expected = [squeeze(value) for path in HERE.glob("*.cpp")
                for key, value in COMMENT.findall(path.read_text(encoding="utf-8")) if key != "errors"]
    good, bad = 0, []
    for header in sorted((ROOT / "include").rglob("*.hpp")):
        text = header.read_text(encoding="utf-8")
        name = header.relative_to(ROOT)
        asserted = [squeeze(s) for block in ASSERT.finditer(text) for s in literals_of(block[0])]
        asserted = [s for s in asserted if s.startswith("wend: ")]  # others are for us, not for users
        for sentence in asserted:
            if any(e and e in sentence for e in expected):
                good += 1
            else:
                bad.append(f"{name}: no file expects: {sentence}")
        if "string_view sentence(" in text:
            told = [squeeze(s) for s in literals_of(ASSERT.sub("", text)) if s.startswith("wend: ")]
            for sentence in sorted(set(told) ^ set(asserted)):
                bad.append(f"{name}: has no twin: {sentence}")
    return good, bad


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--compiler", action="append", default=[])
    arguments.add_argument("--jobs", type=int, default=int(os.environ.get("WEND_JOBS") or os.cpu_count() or 1))
    arguments.add_argument("--show", action="store_true", help="print every compiler output")
    arguments.add_argument("--sentences", action="store_true", help="look for sentences without a file")
    arguments.add_argument("files", nargs="*", type=pathlib.Path)
    options = arguments.parse_args()

    if options.sentences:
        good, bad = check_sentences()
        print("\n".join(bad + [f"{good} passed, {len(bad)} failed"]))
        return 1 if bad else 0
    if not options.compiler:
        arguments.error("which --compiler?")

    compilers = [Compiler(path) for path in options.compiler]
    files = options.files or sorted(HERE.glob("*.cpp"))
    jobs = [(compiler, path) for path in files for compiler in compilers]
    failed = 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        texts = [path.read_text(encoding="utf-8") for path in files]
        for name in PRECOMPILED:
            if any(f"#include <{name}>" in text for text in texts):
                list(pool.map(lambda compiler, name=name: compiler.precompile(name, folder), compilers))
        results = pool.map(lambda job: check(*job, options.show), jobs)
        for (compiler, path), bad in zip(jobs, results):
            failed += bool(bad)
            print(f"{'FAIL' if bad else 'ok  '} {path.name} on {compiler.name}", flush=True)
            for complaint in bad:
                print(f"     {complaint}", flush=True)
    print(f"{len(jobs) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
