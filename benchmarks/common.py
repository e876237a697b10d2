"""What all benchmarks share: options, the build, tables, and RESULTS.md."""
import argparse
import datetime
import os
import pathlib
import platform
import re
import shlex
import shutil
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "bench"
PROGRAMS = BUILD / "benchmarks"
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
LEFT_OUT = 77  # the exit status of what cannot be done here


def say(text=""):
    print(text, flush=True)


def leave_out(why):
    say(f"left out: {why}")
    sys.exit(LEFT_OUT)


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            leave_out(f"there is no {program}")


def options(doc, **more):
    """The command line of a benchmark: name=(default, what it is); a default of [] is for what may be said often."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("--no-results", action="store_true", help="leave RESULTS.md as it is")
    for name, (default, what) in more.items():
        if default == []:
            parser.add_argument(f"--{name}", action="append", default=[], help=what)
        else:
            parser.add_argument(f"--{name}", type=type(default), default=default, help=f"{what} (default {default})")
    parser.set_defaults(commit=commit())  # of now: it may be another one when all is measured
    return parser.parse_args()


# -- the build -----------------------------------------------------------------------------------------------------


def build(*targets):
    """Builds targets with the preset `bench`; False for one that was left out at configure time."""
    if not (BUILD / "build.ninja").exists():
        output(["cmake", "--preset", "bench"])
    output(["cmake", "--build", BUILD, "--target", "rebuild_cache"])  # there may be new packages
    known = output(["ninja", "-C", BUILD, "-t", "targets", "all"])
    there = [t for t in targets if re.search(rf"^{re.escape(t)}: phony", known, re.M)]
    if there:
        say(f"building {' '.join(there)}")
        jobs = os.environ.get("WEND_JOBS", str(os.cpu_count()))
        output(["cmake", "--build", BUILD, "-j", jobs, "--target", *there])
    return {t: t in there for t in targets}


def output(command, **more):
    """What a command prints; all of it is shown when it fails."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                          **more)
    if done.returncode:
        say(done.stdout)
        sys.exit(f"failed: {shlex.join(map(str, command))}")
    return done.stdout


# -- what is printed and kept --------------------------------------------------------------------------------------


def table(header, rows):
    """A table in Markdown, padded so as to be read as it is. Numbers stand to the right."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(line[i]) for line in [header, *rows]) for i in range(len(header))]
    right = [bool(rows) and all(re.match(r"[-+]?[\d.]|-?$", row[i]) for row in rows) for i in range(len(header))]

    def line(cells):
        return "| " + " | ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in zip(cells, widths, right)) + " |"

    rule = "|" + "|".join("-" * (w + 1) + (":" if r else "-") for w, r in zip(widths, right)) + "|"
    return "\n".join([line(header), rule, *map(line, rows)])


def spread(values, digits=2):
    """The median and how far the values lie apart, as text."""
    return f"{statistics.median(values):.{digits}f} [{min(values):.{digits}f}..{max(values):.{digits}f}]"


def commit():
    short = output(["git", "rev-parse", "--short", "HEAD"]).strip()
    changed = output(["git", "status", "--porcelain", "--", "include", "benchmarks/*.cpp", "benchmarks/*/*.cpp"])
    return short + (" and changes" if changed.strip() else "")


def compiler(name="g++"):
    return output([name, "--version"]).splitlines()[0]


def machine():
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return (f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, "
            f"{platform.system()} {platform.release()}, {compiler()}")


HEAD = """# Results

Written by `./tools/bench`: every section has the command that wrote it, when, from which commit, and where. Times move
by tens of per cent from hour to hour on a shared machine, so compare figures of one section only; instructions,
system calls and bytes hold. The work on speed is not done: these are figures on the way.
"""


def publish(stage, body, settings):
    """Prints a section, and puts it in its place in RESULTS.md."""
    say(f"\n{body}")
    if settings.no_results:
        return
    given = [a for a in sys.argv[1:] if a != "--no-results"]
    command = shlex.join(["./tools/bench", stage, *given])
    today = datetime.date.today().isoformat()
    made = f"`{command}`, {today}, commit {settings.commit}; {machine()}"
    section = f"## {stage}\n\n{made}\n\n{body.strip()}\n"
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else HEAD
    sections = {s.split("\n", 1)[0]: f"## {s.strip()}\n" for s in text.split("\n## ")[1:]}
    sections[stage] = section
    order = re.findall(r'^  "(\w+): ', (ROOT / "tools" / "bench").read_text(encoding="utf-8"), re.M)
    places = sorted(sections, key=lambda s: (order.index(s) if s in order else len(order), s))
    RESULTS.write_text(HEAD + "\n" + "\n".join(sections[s] for s in places), encoding="utf-8")
