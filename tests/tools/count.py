#!/usr/bin/env python3
"""Adds up what a test runner left behind: prints "PASSED FAILED".

A Catch2 executable counts by its test cases, a script by its last line "N passed, N failed", anything else
as one. The argument is build/<preset>/Testing/Temporary/LastTest.log of ctest, or
build/meson/meson-logs/testlog.json of meson.
"""
import json
import re
import sys

START = re.compile(r"^\d+/\d+ Testing: ", re.M)  # of each test in the log of ctest
ALL_PASSED = re.compile(r"^All tests passed \(.*? in (\d+) test cases?\)", re.M)
SOME_FAILED = re.compile(r"^test cases: +(\d+)(.*)$", re.M)
SCRIPT = re.compile(r"^(\d+) passed, (\d+) failed", re.M)
# ctest has no better word for a program that was never built than an empty command
TEST_FAILED = re.compile(r'^(?:Test Failed\.|Command: ""$)', re.M)


def tally(output, bad):
    """(passed, failed) of one test with this output; `bad` is what its runner says."""
    passed = failed = None
    if match := ALL_PASSED.search(output):
        passed, failed = int(match[1]), 0
    elif match := SOME_FAILED.search(output):
        failed = sum(int(n) for n in re.findall(r"(\d+) failed", match[2]))
        passed = int(match[1]) - failed
    elif scripts := SCRIPT.findall(output):
        passed, failed = map(int, scripts[-1])
    if passed is None:
        return (0, 1) if bad else (1, 0)
    if bad and failed == 0:  # it crashed, or a sanitizer spoke after the last case
        failed = 1
    return passed, failed


def tests(path):
    """(output, failed) of each test in the log."""
    with open(path, encoding="utf-8", errors="replace") as log:
        text = log.read()
    if path.endswith(".json"):
        for line in text.splitlines():
            entry = json.loads(line)
            yield entry.get("stdout", ""), entry["result"] not in ("OK", "EXPECTEDFAIL")
    else:
        for block in START.split(text)[1:]:
            yield block, bool(TEST_FAILED.search(block))


def main():
    tallies = [tally(*test) for test in tests(sys.argv[1])]
    print(sum(t[0] for t in tallies), sum(t[1] for t in tallies))


if __name__ == "__main__":
    main()
