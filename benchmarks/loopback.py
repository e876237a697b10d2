#!/usr/bin/env python3
"""Requests per second, CPU time and system calls per request, beside other servers, over loopback.

    ./tools/bench loopback [--rounds 8] [--seconds 3] [--also "name=command with {port}"]

All servers run at once, on the first CPU, and are loaded in turn from the second, in many short rounds, so that what
the machine does meanwhile falls on all of them. What is shown is the median and [lowest..highest].
"""
import statistics

import common
import peers
import serving

def race(servers, target, settings, script=None):
    """name: the loads of all rounds, for servers whose rounds are interleaved; without those that did not last."""
    loads = {name: [] for name in servers}
    for number in range(settings.rounds):
        order = list(loads)[number % len(loads):] + list(loads)[:number % len(loads)]
        for name in order:
            try:
                load = serving.wrk(servers[name], target, settings.seconds, script=script, cpu=peers.LOAD_CPU)
            except serving.ServerLost as lost:
                common.say(f"{name} is left out: {lost}")
                del loads[name]
                continue
            for error in load["errors"]:
                common.say(f"{name} {target}: {error}")
            loads[name].append(load)
        common.say(f"{target} round {number + 1} of {settings.rounds}")
    return loads


def rows_of(servers, target, loads, sizes=None, script=None):
    """A line of the table for each server, the cheapest first."""
    times = {name: [serving.cpu_per_request(l) for l in each] for name, each in loads.items()}
    limit = times.get("epoll_limit")
    rows = []
    for name, each in sorted(loads.items(), key=lambda item: statistics.median(times[item[0]])):
        latencies = [] if script else [f"{statistics.median(l['latency'][p] for l in each):.0f}" for p in LATENCIES]
        calls, of_these = serving.system_calls(servers[name], target, script=script, cpu=peers.LOAD_CPU) or (0, {})
        user = statistics.median(1e6 * l["user"] / l["requests"] for l in each)
        ratio = f"{statistics.median(t / l for t, l in zip(times[name], limit)):.2f}" if limit else ""
        rows.append([name, common.spread(times[name]), f"{user:.2f}", ratio,
                     common.spread([l["per_second"] / 1000 for l in each], 0),
                     *latencies, f"{calls:.2f}" if calls else "",
                     ", ".join(f"{c} {n:.2f}" for c, n in sorted(of_these.items(), key=lambda item: -item[1])),
                     *([sizes[name]] if sizes else []), sum(bool(l["errors"]) for l in each) or ""])
    return rows


LATENCIES = ("50", "99")
COLUMNS = ["server", "CPU us/request", "user", "x epoll_limit", "1000 requests/s"]
CALLS = ["system calls", "of these"]
NOTES = """CPU is user and system time of all threads of the server for a request, `user` the part of it that is not the
kernel's as the kernel samples it, `x epoll_limit` the median of the ratios to the loop of `peers/epoll_limit.cpp` in
the same round. System calls are counted by {by} over a load of their own."""


def main():
    settings = common.options(__doc__, rounds=(8, "how often each is loaded"), seconds=(3, "how long at a time"),
                              target=([], "ask only for this; may be said often"), **peers.OPTIONS)
    common.need("wrk", "taskset")
    parts = []
    with peers.servers(settings, cpu=peers.SERVER_CPU) as servers:
        for target in settings.target or peers.TARGETS:
            sizes = {name: peers.answers_well(name, server, target) for name, server in servers.items()}
            able = {name: server for name, server in servers.items() if sizes[name]}
            if able:
                rows = rows_of(able, target, race(able, target, settings), sizes)
                header = [*COLUMNS, *(f"p{p} us" for p in LATENCIES), *CALLS, "bytes", "bad rounds"]
                parts.append(f"`GET {target}`, 64 connections, {settings.rounds} rounds of {settings.seconds} s:\n\n" +
                             common.table(header, rows))
    by = "perf (raw_syscalls:sys_enter)" if serving.perf_counts() else "strace -c -f"
    common.publish("loopback", "\n\n".join(parts) + "\n\n" + NOTES.format(by=by), settings)


if __name__ == "__main__":
    main()
