#!/usr/bin/env python3
"""What costs nanoseconds, with Google Benchmark: heads, lookups, requests in memory, JSON beside nlohmann_json.

    ./tools/bench small [--rounds 9] [--filter json]

The rounds of all are shuffled among each other.
"""
import json
import statistics
import tempfile

import common


def main():
    settings = common.options(__doc__, rounds=(9, "how often each is timed"), filter=(".", "a regular expression"))
    if not common.build("bench_small")["bench_small"]:
        common.leave_out("Google Benchmark is not installed")
    with tempfile.NamedTemporaryFile("r", suffix=".json") as file:
        common.output([common.PROGRAMS / "bench_small", f"--benchmark_out={file.name}", "--benchmark_min_time=0.05",
                       f"--benchmark_repetitions={settings.rounds}", f"--benchmark_filter={settings.filter}",
                       "--benchmark_enable_random_interleaving=true"])
        runs = json.load(file)["benchmarks"]
    times = {}
    for run in sorted(runs, key=lambda r: r["family_index"]):
        if run["run_type"] == "iteration":
            times.setdefault(run["name"], []).append(1e9 / run["items_per_second"])
    others = {"json_in": "nlohmann_parse", "json_out": "nlohmann_dump"}
    rows = []
    for name, each in times.items():
        kind, _, which = name.partition(":")
        other = times.get(f"{others.get(kind)}:{which}")
        ratio = f"{statistics.median(each) / statistics.median(other):.2f}" if other else ""
        rows.append([f"`{name}`", common.spread(each, 0), ratio])
    common.publish("small", common.table(["", "ns", "x nlohmann"], rows) + """

CPU nanoseconds, median and [lowest..highest]; of `route_lookup` for one of 203 routes. `x nlohmann`: the time in that
of nlohmann_json's own parse into, or dump from, its tree for the same text.""", settings)


if __name__ == "__main__":
    main()
