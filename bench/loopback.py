"""Figures of two programs on one host: netbench over the loopback.

SPDX-License-Identifier: BSD-2-Clause
"""

import json

from pairs import Figure, Process, free_port, pin, run

BUSY = ["sh", "-c", "while :; do :; done"]


def netbench(command, key, args, cpus=None, serve="serve"):
    """A figure's take(): that client of netbench against its server."""
    def take(bench, _side, prefix):
        port = free_port()
        out = bench.served([*pin(cpus, 0), *prefix], [*pin(cpus, 1), *prefix], port,
                           [command, "127.0.0.1", port, *args], serve)
        return out[key]
    return take


def beside_a_busy_one(take):
    def beside(bench, side, prefix):
        with Process(BUSY):
            return take(bench, side, prefix)
    return beside


def echo(name, wanted, title, cpus=None):
    return Figure(name, "ns", "less", netbench("echo", "p50_ns", ["20000"], cpus),
                  wanted, title=title)


def stream(name, write, total, wanted, title):
    return Figure(name, "bytes/s", "more",
                  netbench("stream", "bytes_per_s", [total, write]), wanted,
                  title=title)


def line(bench, _side, _prefix):
    return json.loads(run([bench.netbench, "line", "20000"]))["p50_ns"]


FIGURES = [
    Figure("line", "ns", "less", line, sides=("machine",),
           title="A word between the processors, there and back"),
    echo("echo-two-cores", 100, "1 byte, two cores", ("0", "1")),
    echo("echo-one-core", 2, "1 byte, one core", ("0", "0")),
    echo("echo", 4, "1 byte, as scheduled"),
    Figure("echo-busy", "ns", "less", beside_a_busy_one(
        netbench("echo", "p50_ns", ["5000"])), 2, title="1 byte, a third one is busy"),
    stream("stream-64B", "64", "20000000", 20, "Stream, writes of 64 B"),
    stream("stream-1KiB", "1024", "300000000", 15, "Stream, 1 KiB"),
    stream("stream-8KiB", "8192", "1500000000", 6, "Stream, 8 KiB"),
    stream("stream-64KiB", "65536", "4000000000", 3, "Stream, 64 KiB"),
    stream("stream-1MiB", "1048576", "6000000000", 2.2, "Stream, 1 MiB"),
    Figure("udp-echo-two-cores", "ns", "less",
           netbench("udp-echo", "p50_ns", ["20000"], ("0", "1"), "udp-serve"), 50,
           title="UDP 64 B, two cores"),
    Figure("udp-messages", "messages/s", "more",
           netbench("udp-pour", "messages_per_s", ["500000", "64"],
                    serve="udp-serve"), 10, title="UDP 64 B, as fast as it goes"),
    Figure("request", "requests/s", "more",
           netbench("request", "requests_per_s", ["10000"]), 5,
           title="connect, request, close"),
]
