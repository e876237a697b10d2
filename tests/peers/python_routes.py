#!/usr/bin/env python3
"""Holds wend's routing against the Python library Routes (package python3-routes), whose patterns it took over.

    python_routes.py build/dev/tests/matcher [--seed N] [--rounds N]

Where the rules agree, both have to: random patterns of literals, captures and small expressions, and random paths near
them. wend finds a route just if Routes finds one with at least one of the patterns alone, and takes the same captures
as Routes does with the pattern that wend chose. Values become the same URLs, and URLs the same values. Methods and
paths near those of resources lead to the same actions, with the same ids, and hosts to the routes of their sub-domains.

Ours differ on purpose, and are not compared:

- the most precise pattern wins, in Routes the one that was connected first; two that cannot be told apart are an error
- a path is decoded once, by wend; Routes is given what a WSGI server has decoded, where "%2F" has become a slash
- a slash in a value of one segment is written "%2F", in Routes it becomes a slash and the URL leads elsewhere
- "{.format}" is "[.{format}]" here; defaults, minimization and a static part that is left out are "[...]"
- expressions are regular ones of bounded size, matched in linear time; Python's go back. \\d and \\w are ASCII here
- "*path" and "{path:.*}" are "{path...}"
- a resource has no pages for forms, new and edit, and no ".{format}"; PUT is `replace`, which Routes calls update, and
  PATCH is `update`, which Routes does not know; delete is `remove`; HEAD comes from GET
- the id of an outer resource is `regions_id`, or as its name says; Routes is told a singular, and has `region_id`
- conditions stand around routes, host<> and when(), and are asked before any path; of hosts, too, the more precise one
  wins; a host is lower case, may end in the dot of the root, and no part of it is ignored; redirect_to is redirect<>
"""
import argparse
import json
import pathlib
import random
import shutil
import subprocess
import sys
import urllib.parse

PIECES = ("{%s}", "{%s}", r"{%s:\d+}", "{%s:[a-c]+}", r"{%s:\w+}", "{%s}-{%s}", "{%s}.{%s}", "x{%s}", "{%s}y",
          r"{%s:\d+}-{%s}", r"v{%s:\d+}.{%s:\d+}", "a", "b", "ab", "a.b", "a-b", "1", "x", "v1")
LETTERS = "abc1.-xyv~"


def with_routes():
    """This interpreter if it has Routes, or Debian's; None where there is none."""
    for python in (sys.executable, "/usr/bin/python3"):
        if shutil.which(python) and subprocess.run([python, "-c", "import routes"], capture_output=True).returncode == 0:
            return python
    return None


def pattern(dice):
    name, out = iter("pqrstuvw"), ""
    for _ in range(dice.randint(1, 3)):
        piece = dice.choice(PIECES)
        out += "/" + piece % tuple(next(name) for _ in range(piece.count("%s")))
    return out


def word(dice, letters=LETTERS, most=4):
    return "".join(dice.choice(letters) for _ in range(dice.randint(1, most)))


def path_near(dice, text):
    """A path that a pattern may match."""
    out, inside = "", False
    for c in text:
        if c == "{":
            out, inside = out + word(dice, dice.choice((LETTERS, "12", "abc")), 3), True
        elif c == "}":
            inside = False
        elif not inside:
            out += c
    for _ in range(dice.choice((0, 0, 0, 1, 2))):
        at = dice.randrange(1, len(out) + 1)
        out = out[:at] + dice.choice(LETTERS + "/") + out[at + dice.randint(0, 1):]
    return out


class Matcher:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **question):
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        return self.process.wait(10)


def mapper(text):
    from routes import Mapper
    out = Mapper(explicit=True)
    out.minimization = False
    out.connect("it", text)
    return out


def compare_paths(dice, wend):
    """Complaints about a table of some patterns."""
    texts = list({pattern(dice) for _ in range(dice.randint(1, 5))})
    paths = [path_near(dice, dice.choice(texts)) for _ in range(20)]
    paths = [p for p in paths if "/./" not in p + "/" and "/../" not in p + "/" and "//" not in p]  # are no plain paths
    found = wend.ask(patterns=texts, paths=paths)
    if isinstance(found, dict):
        return [str(found)]
    mappers = [mapper(t) for t in texts]
    bad = []
    for path, ours in zip(paths, found):
        theirs = [m.match(path) for m in mappers]
        if ours is None and any(theirs):
            bad.append(f"{path} is found by Routes alone: {texts} {theirs}")
        elif ours is not None and ours["captures"] != theirs[ours["route"]]:
            bad.append(f"{path} with {texts[ours['route']]}: {ours['captures']}, by Routes {theirs[ours['route']]}")
    return bad


def compare_urls(dice, wend):
    from routes import URLGenerator
    from routes.util import GenerationException
    text = pattern(dice)
    names = [part.split("}")[0].split(":")[0] for part in text.split("{")[1:]]
    alphabets = ("abc", "12", "a c~", "abc" if r"\w" in text else "é1")
    values = [word(dice, dice.choice(alphabets), 3) for _ in names]
    ours = wend.ask(pattern=text, values=values)
    m = mapper(text)
    try:
        theirs = URLGenerator(m, {})("it", **dict(zip(names, values)))
    except GenerationException:
        theirs = None
    read = m.match(urllib.parse.unquote(theirs)) if theirs else None
    if read != dict(zip(names, values)):  # one that Routes would not read back either
        return [] if ours is None else [f"{text} of {values}: {ours}, Routes reads back {read}"]
    return [] if ours == theirs else [f"{text} of {values}: {ours}, by Routes {theirs}"]


def compare_resources(dice, wend):
    from routes import Mapper
    m = Mapper(explicit=True)
    m.minimization = False
    m.resource("note", "notes")
    m.resource("region", "regions")
    m.resource("location", "locations", parent_resource={"member_name": "region", "collection_name": "regions"})
    ours_is = {"replace": "update", "remove": "delete"}
    bad = []
    for _ in range(20):
        parts = [dice.choice(("notes", "regions")), word(dice, "abc1-~"), "locations", word(dice, "abc1-~")]
        parts = parts[:dice.randint(1, 4)]
        if dice.random() < 0.2:
            parts.insert(dice.randint(0, len(parts)), dice.choice(("notes", "locations", "x")))
        path, method = "/" + "/".join(parts), dice.choice(("GET", "POST", "PUT", "DELETE"))
        path += dice.choice(("", "", "", "/"))
        ours = wend.ask(method=method, path=path)
        if ours is not None:
            *_, controller, action = ours["route"].split(".")
            ours = {"controller": controller, "action": ours_is.get(action, action), **ours["captures"]}
        theirs = m.match(path, {"REQUEST_METHOD": method})
        if theirs and theirs["controller"] == "regions" and "id" in theirs:
            theirs["region_id"] = theirs.pop("id")  # as the name of ours says
        if ours != theirs:
            bad.append(f"{method} {path}: {ours}, by Routes {theirs}")
    return bad


def compare_hosts(dice, wend):
    from routes import Mapper
    m = Mapper(explicit=True)
    m.minimization = False
    m.sub_domains = True
    m.connect("/x", route="one", conditions={"sub_domain": ["api", "a.b"]})
    m.connect("/x", route="any", conditions={"sub_domain": True})
    m.connect("/y", route="y", conditions={"sub_domain": True})
    m.connect("/x", route="none")
    bad = []
    for _ in range(20):
        labels = [dice.choice(("api", "a", "b", "www", "x-y", "example", "com")) for _ in range(dice.randint(1, 5))]
        host, path = ".".join(labels) + dice.choice(("", ":8080")), dice.choice(("/x", "/y", "/z"))
        ours = wend.ask(host=host, path=path)
        theirs = m.match(path, {"REQUEST_METHOD": "GET", "HTTP_HOST": host})
        if ours != theirs:
            bad.append(f"{host} {path}: {ours}, by Routes {theirs}")
    return bad


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("program", type=pathlib.Path)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--rounds", type=int, default=400)
    options = arguments.parse_args()
    python = with_routes()
    if python is None:
        print("skipped: there is no python3-routes")
        return 77
    if python != sys.executable:
        return subprocess.run([python, __file__, *sys.argv[1:]]).returncode

    dice = random.Random(options.seed)
    wend = Matcher(options.program.resolve())
    passed = failed = 0
    for number in range(options.rounds):
        for compare in (compare_paths, compare_urls, compare_resources, compare_hosts):
            bad = compare(dice, wend)
            passed += not bad
            failed += bool(bad)
            for why in bad:
                print(f"FAIL {compare.__name__} {number}: {why}")
    wend.close()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
