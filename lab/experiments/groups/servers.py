"""Servers: the three that give files away, and the four that turn data round.
SPDX-License-Identifier: BSD-2-Clause"""

import os
import random
import time

from experiment import experiment
from words import number

GIB = 1 << 30
LIMIT_S = 900  # for one download, against hanging
WEB = ("srv_web_read_send", "srv_web_mmap_writev", "srv_web_sendfile")
REVERSE = ("srv_rev_sec", "srv_rev_prc", "srv_rev_thr", "srv_rev_evn")
# How the one that goes by events may wait: by level, but for the last.
EVENTS = (("epoll",), ("poll",), ("select",), ("epoll", "flanco"))
CLIENTS = (1, 10, 100)
SIZE = 20_000  # bytes of a client's file, and its number


def _processor_seconds(pid):
    """Of a process and its threads so far, user's and system's."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        fields = file.read().rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    return int(fields[11]) / ticks, int(fields[12]) / ticks


@experiment(" ".join(WEB), needs=("wget",))
def web_servers(s):
    big = s.file("BIG.html", b"")
    size = s.much(GIB, 100_000)
    os.truncate(big, size)
    for name in WEB:
        server = s.served(name, s.files)
        url = f"http://127.0.0.1:{s.port}"
        before, began = _processor_seconds(server.process.pid), time.monotonic()
        got = s.start("wget", "-nv", "-O", "/dev/null", f"{url}/BIG.html")
        status = got.wait(LIMIT_S)
        took = time.monotonic() - began
        user, system = (b - a for a, b in
                        zip(before, _processor_seconds(server.process.pid)))
        s.sees(status == 0 and f"[{size}" in got.errors,
               f"{name}: wget recibe los {number(size)[0]} bytes",
               f"{name}: wget gets the {number(size)[1]} bytes")
        s.note(f"{name}: {took:.2f} s; procesador del servidor: {user:.2f} s suyos, "
               f"{system:.2f} s del sistema",
               f"{name}: {took:.2f} s; processor of the server: {user:.2f} s its own, "
               f"{system:.2f} s the system's")
        server.end()


def _crowd(s, name, count):
    """So many clients at once; seconds until the last has its answer."""
    size = s.much(SIZE, 1000)
    contents = [random.Random(i).randbytes(size + i) for i in range(count)]
    files = [s.file(f"c{i}", c) for i, c in enumerate(contents)]
    began = time.monotonic()
    clients = [s.start("cln_rev", "127.0.0.1", s.port, file) for file in files]
    for client, sent in zip(clients, contents):
        assert client.wait() == 0, (name, client.errors)
        assert client.output == sent[::-1], f"{name}: the answer of another, or cut"
    return time.monotonic() - began


def _listed(counts, last):
    return f"{', '.join(map(str, counts[:-1]))} {last} {counts[-1]}"


@experiment(" ".join(REVERSE) + " cln_rev")
def reverse_servers(s):
    ways = [(name,) for name in REVERSE[:-1]] + [(REVERSE[-1], *how) for how in EVENTS]
    counts = s.much(CLIENTS, (1, 2))
    if s.pictured:  # one after the other, and by events
        ways = [ways[0], ways[3]]
    for program, *how in ways:
        server = s.served(program, *how)
        name = " ".join((program, *how))
        took = [_crowd(s, name, count) for count in counts]
        s.sees(server.process.poll() is None,
               f"{name}: {_listed(counts, 'y')} clientes reciben cada uno lo suyo al revés",
               f"{name}: {_listed(counts, 'and')} clients get each their own turned round")
        told = ", ".join(f"{seconds:.2f} s" for seconds in took)
        s.note(f"{name}: {told}", f"{name}: {told}")
        server.end()
