#!/usr/bin/env python3
"""Has the tools of other people read the OpenAPI documents of examples/notes.cpp and of api.hpp.

    run.py --notes build/dev/examples/notes --library build/dev/tests/documents_service --work DIR

Each document is held against the schema of OpenAPI 3.1 and against the rules of a linter; of each a client in
TypeScript is made, compiled and run against the server; Swagger UI shows one in Chromium. npm puts what that takes
into DIR, once; the versions stand in package.json. Exits with 77 where there is no npm.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
for beside in ("examples", "browser"):
    sys.path.insert(0, str(HERE.parent / beside))
from run import find_chromium, play  # noqa: E402
from smoke import Program  # noqa: E402

STRICT = ["--strict", "--noUncheckedIndexedAccess", "--target", "es2022", "--module", "nodenext",
          "--lib", "es2022,dom,dom.iterable", "--allowImportingTsExtensions", "--rewriteRelativeImportExtensions",
          "--skipLibCheck"]


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def note(self, name, why=""):
        self.passed += not why
        self.failed += bool(why)
        print(f"FAIL {name}: {why}" if why else f"ok   {name}", flush=True)

    def run(self, name, command, folder):
        """Runs a command; its output is told when it fails."""
        settings = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}
        done = subprocess.run(command, cwd=folder, env=settings, stdin=subprocess.DEVNULL, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.note(name, done.returncode and f"exited with {done.returncode}\n{done.stdout[-4000:]}" or "")
        return done.stdout


def install(work):
    """Brings the packages of package.json into a folder, unless they are there."""
    work.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "package.json").read_text(encoding="utf-8")
    there = work / "package.json"
    if (work / "node_modules").is_dir() and there.is_file() and there.read_text(encoding="utf-8") == wanted:
        return
    shutil.rmtree(work / "node_modules", ignore_errors=True)
    shutil.copy(HERE / "package.json", there)
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts",
                    "--loglevel", "error"], cwd=work, check=True, timeout=300)


def try_document(checks, name, program, work):
    """Reads the document of a program, and makes a client of it."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="wend-"))
    running = Program([str(program), *(["--port", "0"] if name == "notes" else [])], folder)
    try:
        port, why = running.port()
        if not port:
            return checks.note(f"{name} starts", why)
        url = f"http://127.0.0.1:{port}"
        document = work / f"{name}.json"
        with urllib.request.urlopen(url + "/docs/openapi.json", timeout=10) as answer:
            document.write_bytes(answer.read())
        for source in ("validate.js", "redocly.yaml", f"{name}.ts"):
            shutil.copy(HERE / source, work)
        tools = work / "node_modules/.bin"
        checks.run(f"{name}: the schema of OpenAPI 3.1", ["node", "validate.js", f"./{name}.json"], work)
        said = checks.run(f"{name}: the linter", [tools / "redocly", "lint", "--config", "redocly.yaml", document], work)
        checks.note(f"{name}: the linter warns of nothing", said if "Warning was generated" in said else "")
        checks.run(f"{name}: types for TypeScript", [tools / "openapi-typescript", document, "--default-non-nullable", "false", "-o",
                                                               f"{name}-api.d.ts"], work)
        checks.run(f"{name}: a client compiles", [tools / "tsc", *STRICT, f"{name}.ts"], work)
        checks.run(f"{name}: the client runs", ["node", f"{name}.js", url], work)
    finally:
        checks.note(f"{name} stops", running.stop() or "")
        shutil.rmtree(folder, ignore_errors=True)
    return None


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--notes", type=pathlib.Path, required=True)
    arguments.add_argument("--library", type=pathlib.Path, required=True)
    arguments.add_argument("--work", type=pathlib.Path, required=True)
    options = arguments.parse_args()
    if not shutil.which("npm"):
        print("skipped: there is no npm")
        return 77

    checks = Checks()
    install(options.work)
    for name, program in (("notes", options.notes.resolve()), ("library", options.library.resolve())):
        try_document(checks, name, program, options.work)
    if chromium := find_chromium():
        passed, failed = play(chromium, [str(options.library.resolve()), str(options.work / "node_modules/swagger-ui-dist")],
                              (HERE / "swagger.js").read_text(encoding="utf-8"))
        checks.passed += passed
        checks.failed += failed
    else:
        print("left out: there is no Chromium to show Swagger UI")
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
