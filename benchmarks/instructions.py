#!/usr/bin/env python3
"""User-space instructions per request, counted by callgrind: over a socket, and in memory.

    ./tools/bench instructions [--only wend] [--also "name=command with {port}"]

Over a socket a request costs what 12 000 requests on one connection cost beyond 2 000, divided by 10 000. In memory
callgrind looks at nothing but the loop around a case.

Callgrind counts what a CPU of its own making executes, so the figures do not depend on clock, load or caches. They do
depend on compiler, Asio, nlohmann_json and C library, and on AVX2: valgrind has the CPU that it shows do AVX2 where
the real one does, and the C library picks its memcpy by that.
"""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile

import common
import peers
import serving

FEW, MANY = 2000, 12000
CPU = max(os.sched_getaffinity(0))


def whole_run(command, target, requests):
    """Instructions from start to end of a server that answers so many requests."""
    under = ["taskset", "-c", CPU, "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
             "--trace-children=yes"]  # a shell may start it
    with serving.Server([*under, *command], errors=subprocess.PIPE) as server:
        request = server.request(target)
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as peer:
            _, _, size = serving.exchange(peer, request)
            for _ in range(requests - 1):
                peer.sendall(request)
                got = 0
                while got < size:
                    got += len(serving.receive(peer))
        return int(re.findall(r"Collected : (\d+)", server.stop())[-1])


def over_a_socket(command, target):
    """Instructions per request.

    The server reads once more after an answer, and waits if the next request is not there yet; which of both is a race,
    and 4 % of the figure. On one CPU, and as a batch process, the client never overtakes it: the server always waits.
    """
    os.sched_setaffinity(0, {CPU})
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    return (whole_run(command, target, MANY) - whole_run(command, target, FEW)) / (MANY - FEW)


def of_peers(settings):
    """Rows of name and instructions for each target, cheapest first."""
    rows = []
    with peers.commands(settings.only or peers.NAMES, settings.also) as found:
        for name, command in found.items():
            with serving.Server(command) as server:
                able = [target for target in peers.TARGETS if peers.answers_well(name, server, target)]
            if not able:
                common.say(f"{name} is left out: it does not answer as it should")
                continue
            common.say(f"{name}: {' '.join(able)}")
            try:
                cost = {target: over_a_socket(command, target) for target in able}
                rows.append([name, *(f"{cost[target]:.0f}" if target in cost else "" for target in peers.TARGETS)])
            except (OSError, IndexError, RuntimeError) as failure:
                common.say(f"{name} is left out: {failure}")
    return sorted(rows, key=lambda row: float(row[1] or "inf"))


def counted(program):
    """name: instructions, of all that a program counts by callgrind.hpp; nothing without valgrind."""
    found = {}
    if not shutil.which("valgrind"):
        return found
    with tempfile.TemporaryDirectory() as folder:
        printed = common.output(["valgrind", "--quiet", "--tool=callgrind", "--collect-atstart=no",
                                 f"--callgrind-out-file={folder}/out", common.PROGRAMS / program])
        for dump in pathlib.Path(folder).iterdir():
            text = dump.read_text(encoding="utf-8")
            if name := re.search(r"Client Request: (\S+)", text):
                found[name[1]] = int(re.search(r"^totals: (\d+)", text, re.M)[1])
    # in the order of the program, which prints for each by what to divide
    return {name: found[name] / float(n) for name, n in re.findall(r"^(\w+:\S+) (\S+)$", printed, re.M)}


def measure():
    """(ours, others), or the end of the program when something is missing."""
    common.need("valgrind", "taskset")
    built = common.build("bench_server", "bench_instructions")
    if not all(built.values()):
        common.leave_out("the programs for it cannot be built here")
    memory = counted("bench_instructions")
    others = {name: n for name, n in memory.items() if name.startswith("nlohmann")}
    ours = {name: n for name, n in memory.items() if name not in others}
    server = [common.PROGRAMS / "bench_server"]
    return {f"socket:{target}": over_a_socket(server, target) for target in peers.TARGETS} | ours, others


def main():
    settings = common.options(__doc__, **peers.OPTIONS)
    ours, others = measure()
    compared = common.table(["server", *peers.TARGETS], of_peers(settings))
    rows = [(f"`{name}`", f"{n:.0f}") for name, n in (ours | others).items()]
    common.publish("instructions", common.table(["a run of", "instructions"], rows) + """

`socket:` is all that the server executes for a request on a connection that stays, requests one after the other; the
rest is in memory, `route_lookup` for one of its 203 routes. `nlohmann_` is nlohmann_json alone on the same text, into
and out of its own tree.

A request over a socket beside other servers:

""" + compared, settings)


if __name__ == "__main__":
    main()
