#!/usr/bin/env python3
"""Runs one fuzzer: over its corpus, and then, when it is a libFuzzer program, freely for a while.

    run.py build/fuzz/tests/fuzz/fuzz_head --work DIR

The name decides what belongs to it: fuzz_head (or replay_head) uses tests/fuzz/corpus/head/* and the
dictionary head.dict, or http.dict where there is none. WEND_FUZZ_SECONDS (default 10) is the length of the
free run. What the run discovers stays in DIR/found; an input that crashes is written to DIR and should become
a corpus file with the fix.
"""
import argparse
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("program", type=pathlib.Path)
    arguments.add_argument("--work", type=pathlib.Path, required=True)
    options = arguments.parse_args()

    kind, _, name = options.program.name.partition("_")
    corpus = HERE / "corpus" / name
    inputs = sorted(p for p in corpus.glob("*") if p.is_file()) if corpus.is_dir() else []
    found = options.work / "found"
    found.mkdir(parents=True, exist_ok=True)

    runs = [[str(options.program), *map(str, inputs)]]  # libFuzzer too only replays when given files
    if kind == "fuzz":
        seconds = os.environ.get("WEND_FUZZ_SECONDS", "10")
        command = [str(options.program), f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048",
                   "-print_final_stats=1", f"-artifact_prefix={options.work}/"]
        dictionary = next((d for d in (HERE / f"{name}.dict", HERE / "http.dict") if d.exists()), None)
        if dictionary:
            command.append(f"-dict={dictionary}")
        command.append(str(found))
        if inputs:
            command.append(str(corpus))
        runs.append(command)
        if not inputs:
            runs.pop(0)  # without arguments libFuzzer would run for ever

    passed = failed = 0
    for command in runs:
        run = subprocess.run(command, stdin=subprocess.DEVNULL)
        passed += run.returncode == 0
        failed += run.returncode != 0
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
