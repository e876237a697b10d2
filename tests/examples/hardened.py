#!/usr/bin/env python3
"""Looks at what the linker made of programs: are they as cmake/hardening.cmake says?

    hardened.py build/dev/examples/hello build/dev/examples/notes ...
"""
import pathlib
import shutil
import subprocess
import sys

WANTED = {
    "addresses that are not known beforehand (-fPIE -pie)": lambda elf: "Type: DYN" in elf and "INTERP" in elf,
    "a table of functions that cannot be written (-z relro -z now)": lambda elf: "GNU_RELRO" in elf and "NOW" in elf,
    "guards on the stack (-fstack-protector-strong)": lambda elf: "__stack_chk_fail" in elf,
    "the assertions of libstdc++ (_GLIBCXX_ASSERTIONS)": lambda elf: "__glibcxx_assert_fail" in elf,
}


def main():
    if not shutil.which("readelf"):
        sys.exit("hardened.py: there is no readelf; install binutils")
    failed = 0
    for program in sys.argv[1:]:
        asked = ["readelf", "--file-header", "--segments", "--dynamic", "--syms", "--wide", program]
        elf = " ".join(subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split())
        for what, holds in WANTED.items():
            if not holds(elf):
                failed += 1
                print(f"{pathlib.Path(program).name}: lacks {what}")
    print(f"{(len(sys.argv) - 1) * len(WANTED) - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
