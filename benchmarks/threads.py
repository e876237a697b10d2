#!/usr/bin/env python3
"""What a request costs with one thread and with more.

    ./tools/bench threads [--rounds 8] [--seconds 3] [--threads 2]

CPU time per request is what tells here: the load generator needs a processor as well, and where there are only two it
takes one from the second thread, so requests per second cannot double. Nothing is pinned.
"""
import common
import peers
import serving


def main():
    settings = common.options(__doc__, rounds=(8, "how often each is loaded"), seconds=(3, "how long at a time"),
                              threads=(2, "how many to compare with one"))
    common.need("wrk")
    common.build("bench_server")
    rows = []
    counts = (1, settings.threads)
    with (serving.Server([common.PROGRAMS / "bench_server", 0, 1]) as one,
          serving.Server([common.PROGRAMS / "bench_server", 0, settings.threads]) as more):
        for target in peers.TARGETS:
            loads = [[], []]
            for _ in range(settings.rounds):
                for server, each in zip((one, more), loads):
                    each.append(serving.wrk(server, target, settings.seconds))
            costs = [[serving.cpu_per_request(l) for l in each] for each in loads]
            for number, each, cost in zip(counts, loads, costs):
                ratio = common.spread([a / b for a, b in zip(cost, costs[0])])
                rows.append([f"`{target}`", number, common.spread(cost), ratio,
                             common.spread([l["per_second"] / 1000 for l in each], 0)])
    common.publish("threads", common.table(
        ["target", "threads", "CPU us/request", "x one thread", "1000 requests/s"], rows) + f"""

64 connections, {settings.rounds} rounds of {settings.seconds} s, in turn. CPU is that of the server alone. Where there
are two processors the load generator has one of them, so requests per second say nothing of what two threads can do;
what a request costs does, if threads were in each other's way.""", settings)


if __name__ == "__main__":
    main()
