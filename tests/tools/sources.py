#!/usr/bin/env python3
"""Prints the files in a folder that match a pattern, one a line: the glob that Meson does not have.

    sources.py FOLDER PATTERN [--containing TEXT | --without TEXT | --relative]

A file contains what the headers beside it contain that it includes; a main.cpp what all files beside it do.
"""
import pathlib
import re
import sys


def text_of(path):
    files = sorted(path.parent.glob("*.cpp")) if path.name == "main.cpp" else [path]
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    own = [path.parent / name for name in re.findall(r'^#include "(.*?)"', text, re.M)]
    return text + "".join(header.read_text(encoding="utf-8") for header in own if header.is_file())


folder, pattern, *condition = sys.argv[1:]
for path in sorted(pathlib.Path(folder).glob(pattern)):
    if condition == ["--relative"]:
        path = path.relative_to(folder)
    elif condition:
        contains = condition[1] in text_of(path)
        if contains != (condition[0] == "--containing"):
            continue
    print(path.as_posix())
