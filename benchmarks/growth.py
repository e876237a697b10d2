#!/usr/bin/env python3
"""Costs that grow: with routes, depth, fields, bytes and connections; a plot for each.

    ./tools/bench growth [--knee 1.5]

In memory: the fastest of many runs in nanoseconds, and the instructions of one under callgrind. Over a socket: CPU time
per request under the load of one wrk. The plots go to benchmarks/plots/.
"""
import re
import resource
import statistics

import common
import instructions
import peers
import plot
import serving

PLOTS = common.ROOT / "benchmarks" / "plots"
SERIES = {
    "routes": "lookup in a router of so many routes",
    "depth": "lookup of a path of so many segments",
    "depth_miss": "the same for a path that no route matches, but nearly",
    "floating_bytes": "four captures in a segment of so many bytes, no match",
    "floating_routes": "so many patterns with two captures in a segment of 1 000 bytes, no match",
    "fields": "a head of so many fields",
    "body_whole": "a body of so many bytes that is kept",
    "body_pieces": "a body of so many bytes that is taken in pieces",
    "json_in": "JSON text of so many bytes into structs",
    "json_out": "and out of them",
    "connections": "a request, with so many connections",
}
CONNECTIONS = (1, 10, 100, 1000, 10_000)


def nanoseconds():
    said = common.output([common.PROGRAMS / "bench_growth"])
    return {name: float(n) for name, n in re.findall(r"^(\w+:\d+) (\S+)$", said, re.M)}


def over_connections(rounds):
    """CPU nanoseconds per request under as much load as one wrk makes: what a long load costs beyond a short one, so
    that connecting is not in it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    costs = {n: [] for n in CONNECTIONS if n + 100 < most}
    with serving.Server(["taskset", "-c", str(peers.SERVER_CPU), common.PROGRAMS / "bench_server"]) as server:
        for n in [*costs] * rounds:
            short, long = (serving.wrk(server, "/", seconds, connections=n, cpu=peers.LOAD_CPU) for seconds in (2, 6))
            more = {what: long[what] - short[what] for what in ("requests", "user", "system")}
            costs[n].append(1000 * serving.cpu_per_request(more))
    return {f"connections:{n}": statistics.median(each) for n, each in costs.items()}


def points(measured, series):
    found = [(float(name.partition(":")[2]), cost) for name, cost in measured.items() if name.startswith(series + ":")]
    return sorted(found)


def worst_step(line):
    """The largest growth of the cost between neighbours, in that of the size: 1 is linear. And where it is."""
    steps = [((b[1] / a[1]) / (b[0] / a[0]), a[0], b[0]) for a, b in zip(line, line[1:]) if a[0] > 0]
    return max(steps, default=(0, 0, 0))


def row(series, by_time, counted, knee):
    line = by_time or counted
    sizes = f"{plot.short(line[0][0])}..{plot.short(line[-1][0])}"
    cells = [f"[`{series}`](plots/{series}.svg)", SERIES[series], sizes]
    for each in (by_time, counted):
        if not each:
            cells += ["", ""]
            continue
        ratio, low, high = worst_step(each)
        mark = f" at {plot.short(low)}..{plot.short(high)}" if ratio > knee else ""
        cells += [f"{plot.short(each[0][1])}..{plot.short(each[-1][1])}", f"{ratio:.2f}{mark}"]
    return cells


def main():
    settings = common.options(__doc__, knee=(1.5, "how much steeper than linear is worth a word"),
                              rounds=(3, "how often each number of connections is loaded"))
    common.need("wrk", "taskset")
    common.build("bench_growth", "bench_server")
    times = nanoseconds() | over_connections(settings.rounds)
    counts = instructions.counted("bench_growth")
    PLOTS.mkdir(exist_ok=True)
    rows = []
    for series, what in SERIES.items():
        by_time, counted = points(times, series), points(counts, series)
        rows.append(row(series, by_time, counted, settings.knee))
        lines = {"ns": by_time, "instructions": counted}
        drawn = plot.svg(what, "size", {name: line for name, line in lines.items() if line})
        (PLOTS / f"{series}.svg").write_text(drawn, encoding="utf-8")
    common.publish("growth", common.table(
        ["series", "the cost of", "sizes", "ns", "worst step", "instructions", "worst step"], rows) + f"""

The worst step is the growth of the cost from one size to the next in that of the size: 1 is linear, less is better, and
where it is more than {settings.knee} it says between which sizes. Dashed in the plots is what is linear.""", settings)


if __name__ == "__main__":
    main()
