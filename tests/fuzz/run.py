#!/usr/bin/env python3
"""Runs one fuzzer: over its corpus, and then, when it is a libFuzzer program, freely for a while.

    run.py build/fuzz/tests/fuzz/fuzz_head --work DIR [--keep | --afl]

The name decides what belongs to it: fuzz_head (or replay_head) uses tests/fuzz/corpus/head/*, which were written, what
is in tests/fuzz/kept/head.zip, which was found, and the dictionary head.dict, or http.dict where there is none.
WEND_FUZZ_SECONDS (default 10) is the length of the free run. What the run discovers stays in DIR/found; an input that
crashes is written to DIR and should become a corpus file with the fix. --keep makes the zip anew, of the fewest inputs
of at most 4 KiB that reach everything that the corpus and DIR/found reach. --afl runs it under afl-fuzz, where it was
built by afl-clang-fast++, and puts what that discovers into DIR/found as well.
"""
import argparse
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent


def keep(program, inputs, archive):
    """Writes the fewest of `inputs` to an archive; the same inputs make the same archive."""
    with tempfile.TemporaryDirectory() as fewest:
        subprocess.run([program, "-set_cover_merge=1", "-max_len=4096", fewest, *map(str, inputs)], check=True)
        content = sorted((p.read_bytes() for p in pathlib.Path(fewest).iterdir()), key=lambda c: (len(c), c))
    archive.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for each in content:
            out.writestr(zipfile.ZipInfo(hashlib.sha256(each).hexdigest()[:16]), each, zipfile.ZIP_DEFLATED, 9)


def run_afl(program, inputs, work, dictionary, seconds):
    """Runs afl-fuzz for so many seconds; the number of crashes and hangs."""
    seeds, out = work / "seeds", work / "afl"
    for folder in (seeds, out):
        shutil.rmtree(folder, ignore_errors=True)
    seeds.mkdir()
    for each in (p for folder in inputs for p in folder.iterdir()):
        shutil.copy(each, seeds)
    settings = {"AFL_NO_UI": "1", "AFL_SKIP_CPUFREQ": "1", "AFL_NO_AFFINITY": "1",
                "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1"}
    command = ["afl-fuzz", "-V", seconds, "-m", "none", "-t", "5000", "-i", str(seeds), "-o", str(out)]
    if dictionary:
        command += ["-x", str(dictionary)]
    subprocess.run([*command, "--", program], env=os.environ | settings, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, check=True)
    said = dict(line.split(":", 1) for line in (out / "default/fuzzer_stats").read_text().splitlines())
    said = {name.strip(): value.strip() for name, value in said.items()}
    for name in ("run_time", "execs_done", "corpus_found", "saved_crashes", "saved_hangs"):
        print(f"{name} {said[name]}")
    for each in (out / "default/queue").glob("id:*"):
        shutil.copy(each, work / "found" / hashlib.sha256(each.read_bytes()).hexdigest()[:16])
    return int(said["saved_crashes"]) + int(said["saved_hangs"])


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("program", type=pathlib.Path)
    arguments.add_argument("--work", type=pathlib.Path, required=True)
    arguments.add_argument("--keep", action="store_true")
    arguments.add_argument("--afl", action="store_true")
    options = arguments.parse_args()

    kind, _, name = options.program.name.partition("_")
    found, kept, archive = options.work / "found", options.work / "kept", HERE / "kept" / f"{name}.zip"
    found.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir()
    if archive.exists():
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(kept)
    folders = [d for d in (HERE / "corpus" / name, kept) if d.is_dir() and any(d.iterdir())]
    program = str(options.program)
    if options.keep:
        return keep(program, [*folders, found], archive)

    seconds = os.environ.get("WEND_FUZZ_SECONDS", "10")
    dictionary = next((d for d in (HERE / f"{name}.dict", HERE / "http.dict") if d.exists()), None)
    if options.afl:
        return run_afl(program, folders, options.work, dictionary, seconds) > 0
    if kind == "fuzz":
        command = [program, "-timeout=10", "-rss_limit_mb=2048", f"-artifact_prefix={options.work}/"]
        if dictionary:
            command.append(f"-dict={dictionary}")
        folders = list(map(str, folders))
        runs = [[*command, "-runs=0", *folders],
                [*command, f"-max_total_time={seconds}", "-print_final_stats=1", str(found), *folders]]
    else:
        runs = [[program, *(str(p) for d in folders for p in sorted(d.iterdir()))]]

    passed = failed = 0
    for command in runs:
        run = subprocess.run(command, stdin=subprocess.DEVNULL)
        passed += run.returncode == 0
        failed += run.returncode != 0
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
