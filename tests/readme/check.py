#!/usr/bin/env python3
"""Holds README.md to its word: compiles its C++ and replays its transcripts.

    check.py --compiler g++ --notes build/dev/examples/notes [--write] [README.md]

```cpp blocks compile without warnings. One with `int main` stands as it is. For another the comment above it
(blank lines between are fine) says where its text belongs:

    <!-- readme: namespace -->                     at namespace scope, after the usual includes
    <!-- readme: function                          in a function; further lines of the comment are put before
    struct note { int id; };                       it at namespace scope, for what the text takes for granted
    -->
    <!-- readme: part of examples/notes.cpp -->    its lines stand in that file in one piece, indentation
                                                   aside; a line `// ...` stands for what was left out

```console blocks are transcripts. Lines after `$ ` (and the next, after a backslash) are run by bash in a fresh
folder, against the notes example on a free port with an empty database notes.sqlite; the lines below must be
what is printed. The README says 8080 where the real port stands, and one fixed moment where the clock speaks.
--write puts the real output into the README: that is how transcripts are made.

```sh blocks are not run, but each ./tools/... in them exists. Other blocks are left alone.
"""
import argparse
import concurrent.futures
import datetime
import os
import pathlib
import queue
import re
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
PORT = "8080"  # as the README has it
FLAGS = ["-std=c++20", "-fsyntax-only", "-DASIO_STANDALONE", "-DASIO_NO_DEPRECATED",
         "-Wall", "-Wextra", "-Wpedantic", "-Wno-unused", "-Werror", "-I", str(ROOT / "include")]
PRELUDE = """#include <wend/wend.hpp>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
"""
FENCE = re.compile(r"^```(\w*)\s*$")
MARK = re.compile(r"<!--\s*readme:\s*(namespace|function|part of (\S+))[ \t]*\n?(.*?)-->\s*", re.S)
HTTP_DATE = re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT")
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


class Block:
    def __init__(self, language, first, lines, before):
        self.language = language
        self.first = first  # index of its first line in the README
        self.lines = lines
        self.before = before  # the text above the fence


def blocks_of(text):
    lines, blocks, index = text.splitlines(), [], 0
    while index < len(lines):
        fence = FENCE.match(lines[index])
        if fence:
            end = index + 1
            while end < len(lines) and lines[end].rstrip() != "```":
                end += 1
            blocks.append(Block(fence[1], index + 1, lines[index + 1:end], "\n".join(lines[:index])))
            index = end
        index += 1
    return blocks


# C++

def part_complaint(block, path):
    file = ROOT / path
    if not file.is_file():
        return f"{path} does not exist"

    def squeeze(lines):
        return ["".join(line.split()) for line in lines if line.strip()]

    whole, start = squeeze(file.read_text(encoding="utf-8").splitlines()), 0
    pieces, piece = [], []
    for line in squeeze(block.lines) + ["//..."]:
        if line == "//...":
            pieces.append(piece)
            piece = []
        else:
            piece.append(line)
    for piece in filter(None, pieces):
        at = next((i for i in range(start, len(whole)) if whole[i:i + len(piece)] == piece), None)
        if at is None:
            return f"the piece that starts with {piece[0]!r} is not in {path}"
        start = at + len(piece)
    return None


def cpp_complaint(block, compiler):
    text = "\n".join(block.lines) + "\n"
    location = f'#line {block.first + 1} "README.md"\n'
    if re.search(r"\bint main\b", text):
        text = location + text
    else:
        comment = block.before.rfind("<!--")
        mark = MARK.fullmatch(block.before[comment:]) if comment >= 0 else None
        if not mark:
            return "a comment <!-- readme: ... --> must say what to compile it as"
        if mark[2]:
            return part_complaint(block, mark[2])
        if mark[1] == "function":
            text = f"void readme() {{\n{location}{text}}}\n"
        else:
            text = location + text
        text = PRELUDE + mark[3] + "\n" + text
    run = subprocess.run([compiler, *FLAGS, "-x", "c++", "-"], input=text, capture_output=True, text=True)
    return None if run.returncode == 0 else "\n".join(run.stderr.splitlines()[:20])


# Shell

def sh_complaint(block):
    for tool in re.findall(r"\./tools/[\w.-]+", "\n".join(block.lines)):
        if not os.access(ROOT / tool, os.X_OK):
            return f"{tool} does not exist or is not executable"
    return None


def start_notes(program, folder):
    process = subprocess.Popen([program, "--port", "0", "--db", "notes.sqlite"], cwd=folder,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    lines = queue.Queue()

    def read():
        for line in process.stdout:
            lines.put(line)
        lines.put("")

    threading.Thread(target=read, daemon=True).start()
    try:
        match = re.search(r":(\d+)$", lines.get(timeout=10).strip())
    except queue.Empty:
        match = None
    if not match:
        stop(process)
        raise SystemExit("the notes example did not say where it listens")
    return process, match[1]


def stop(process):
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def settle(text, now):
    """What the clock says becomes the same on every run."""
    def fixed(match):
        moment = datetime.datetime.fromisoformat(match[0][:19]).replace(tzinfo=datetime.timezone.utc)
        return "2026-01-01T00:00:00Z" if abs(now - moment) < datetime.timedelta(days=1) else match[0]

    text = HTTP_DATE.sub("Thu, 01 Jan 2026 00:00:00 GMT", text)
    return TIMESTAMP.sub(fixed, text)


def replay(block, folder, port):
    """The block's lines as they really are."""
    # curl without a terminal shows a progress meter, which nobody sees who types the command
    (pathlib.Path(folder) / ".curlrc").write_text("silent\nshow-error\n", encoding="utf-8")
    environment = {**os.environ, "CURL_HOME": folder, "LC_ALL": "C", "NO_COLOR": "1"}
    real, index = [], 0
    while index < len(block.lines):
        line = block.lines[index]
        index += 1
        if not line.startswith("$ "):
            continue
        command = [line[2:]]
        real.append(line)
        while command[-1].endswith("\\") and index < len(block.lines):
            command.append(block.lines[index])
            real.append(block.lines[index])
            index += 1
        script = "\n".join(command).replace(f":{PORT}", f":{port}")
        run = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                             timeout=60)
        output = run.stdout.replace("\r\n", "\n").replace(f":{port}", f":{PORT}")
        output = settle(output, datetime.datetime.now(datetime.timezone.utc))
        real += [line.rstrip() for line in output.splitlines()]
    return real


def console_results(blocks, program):
    """Yields (block, real lines); all transcripts of the README talk to one server, in order."""
    with tempfile.TemporaryDirectory(prefix="wend-") as folder:
        process, port = start_notes(program, folder)
        try:
            for block in blocks:
                yield block, replay(block, folder, port)
        finally:
            stop(process)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--compiler", default="c++")
    arguments.add_argument("--notes", help="the notes example; without it transcripts are not replayed")
    arguments.add_argument("--write", action="store_true", help="put the real output into the README")
    arguments.add_argument("readme", nargs="?", type=pathlib.Path, default=ROOT / "README.md")
    options = arguments.parse_args()
    if not options.readme.exists():
        print(f"{options.readme} does not exist\n0 passed, 1 failed")
        return 1

    text = options.readme.read_text(encoding="utf-8")
    blocks = blocks_of(text)
    results = [(b, sh_complaint(b)) for b in blocks if b.language == "sh"]

    cpp = [b for b in blocks if b.language == "cpp"]
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("WEND_JOBS") or os.cpu_count() or 1)) as pool:
        results += zip(cpp, pool.map(lambda b: cpp_complaint(b, options.compiler), cpp))

    transcripts = [b for b in blocks if b.language == "console"]
    if options.notes and transcripts:
        lines = text.splitlines()
        # from the last to the first, so that the positions of the others stay true
        for block, real in reversed(list(console_results(transcripts, str(pathlib.Path(options.notes).resolve())))):
            same = [line.rstrip() for line in block.lines] == real
            if options.write and not same:
                lines[block.first:block.first + len(block.lines)] = real
                print(f"README.md:{block.first + 1}: rewritten")
                same = True
            results.append((block, None if same else "it really prints:\n" + "\n".join(real)))
        if options.write:
            options.readme.write_text("\n".join(lines) + "\n", encoding="utf-8")

    failed = 0
    for block, complaint in sorted(results, key=lambda r: r[0].first):
        failed += complaint is not None
        print(f"{'ok  ' if complaint is None else 'FAIL'} README.md:{block.first} {block.language}")
        for line in (complaint or "").splitlines():
            print(f"     {line}")
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
