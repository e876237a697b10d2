#!/usr/bin/env python3
"""Folders are layers: checks that every include of include/wend points downwards.

Prints each offending line as file:line. Optional argument: another include folder (used to test this script).
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# layer -> what it may include besides itself: layers ("http/") or single headers
ALLOWED = {
    "http": (),
    "wire": ("http/",),
    "route": ("http/",),
    "handler": ("http/", "route/"),
    "app": ("http/", "route/", "handler/", "wire/limits.hpp"),
    "net": ("http/", "wire/", "handler/", "app/"),
    "extra": ("http/", "wire/", "route/", "handler/", "app/", "net/", "routes.hpp", "wend.hpp"),
    "wend.hpp": ("http/", "wire/", "route/", "handler/", "app/", "net/", "routes.hpp"),
    "source.hpp": ("wend.hpp",),
    "wend.cppm": ("wend.hpp",),
    "routes.hpp": ("http/", "wire/", "route/", "handler/", "app/"),
}

# third-party folder -> the header that may include it
DOORS = {"asio": "net/asio.hpp", "nlohmann": "handler/json.hpp", "emmintrin": "http/detail/sixteen.hpp"}

# the umbrella for route declarations must not reach these, through any number of includes
CLOSED_TO_ROUTES = (DOORS["asio"], DOORS["nlohmann"])

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
STANDARD = re.compile(r"^[a-z_0-9]+$")


def layer_of(name):
    return name.split("/")[0]


def complaint(name, quote, included):
    """Why `name` may not include `included`, or None."""
    layer = layer_of(name)
    if quote == '"':
        return "own headers are included as <wend/...>"
    if included.startswith("wend/"):
        target = included[len("wend/"):]
        if layer_of(target) == layer or target.startswith(ALLOWED[layer]):
            return None
        return f"{layer} must not see {target}"
    if STANDARD.match(included):
        return None
    party = re.split(r"[/.]", included)[0]
    if party in DOORS:
        if name == DOORS[party] or (layer == "extra" and included.startswith("asio/ssl")):
            return None
        return f"{party} is included by {DOORS[party]} alone"
    if layer in ("net", "extra"):  # POSIX headers; the optional libraries of extra/
        return None
    return f"{layer} uses the standard library only"


def cycles(graph):
    """Each include cycle once, as a list of names that starts and ends with the same one."""
    found, state = [], {}

    def visit(name, path):
        state[name] = "open"
        for target in graph.get(name, ()):
            if state.get(target) == "open":
                found.append(path[path.index(target):] + [target])
            elif target not in state:
                visit(target, path + [target])
        state[name] = "done"

    for name in graph:
        if name not in state:
            visit(name, [name])
    return found


def reachable(graph, start):
    seen, todo = set(), [start]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(graph.get(name, ()))
    return seen


def main():
    include = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "include"
    base = include / "wend"
    headers = sorted(h for h in base.rglob("*") if h.is_file())
    graph, bad = {}, []
    for header in headers:
        name = header.relative_to(base).as_posix()
        graph[name] = []
        if layer_of(name) not in ALLOWED:
            bad.append(f"{header}: no layer is called {layer_of(name)}")
            continue
        if header.suffix != ".hpp" and name != "wend.cppm":  # the module
            bad.append(f"{header}: headers end in .hpp")
            continue
        for number, line in enumerate(header.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            quote, included = match.groups()
            why = complaint(name, quote, included)
            if included.startswith("wend/"):
                target = included[len("wend/"):]
                graph[name].append(target)
                if not why and not (base / target).is_file():
                    why = "no such header"
            if why:
                bad.append(f"{header}:{number}: {line.strip()}  ({why})")

    bad += ["include cycle: " + " -> ".join(cycle) for cycle in cycles(graph)]
    if "routes.hpp" in graph:
        for door in sorted(reachable(graph, "routes.hpp").intersection(CLOSED_TO_ROUTES)):
            bad.append(f"routes.hpp reaches {door}")

    print("\n".join(bad), end="\n" if bad else "")
    # one check per header; a complaint that belongs to no single header counts as one more
    offending = len(bad)
    print(f"{max(len(headers) - offending, 0)} passed, {offending} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
