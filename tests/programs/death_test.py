"""Killing a program, or the service, at any moment leaves no hung neighbour, and
the next run works. SPDX-License-Identifier: BSD-2-Clause"""

import os
import random
import signal
import sys
import time

import tap
from enchufe import World, ends, eventually

SOURCE = """
import socket, sys
l = socket.socket()
l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
l.bind(("", 5000)); l.listen(); print("ready")
while True:
    c, _ = l.accept()
    try:
        while True:
            c.sendall(b"x" * 65536)
    except OSError as e:
        print("error", e.errno)
    c.close()
"""
SINK = """
import socket, sys
c = socket.create_connection((sys.argv[1], 5000))
total = 0
print("connected")
try:
    while True:
        n = len(c.recv(65536))
        total += n
        if n == 0:
            break
    print("end", total)
except OSError as e:
    print("error", e.errno)
"""


def pair(w, hosts):
    source = w.python_on(hosts and "server", SOURCE)
    assert source.stdout.readline() == "ready\n", source.stderr.read()
    sink = w.python_on(hosts and "client", SINK, "server" if hosts else "localhost")
    assert sink.stdout.readline() == "connected\n", sink.stderr.read()
    return source, sink


def server_dies(w, hosts, rng):
    if hosts:
        w.up()
    for _ in range(5):
        source, sink = pair(w, hosts)
        time.sleep(rng.random() / 10)
        source.kill()
        source.wait()
        status, out, err = ends(sink)
        assert status == 0 and out.split()[0] in ("end", "error"), (out, err)


def client_dies(w, hosts, rng):
    if hosts:
        w.up()
    source = None
    for _ in range(5):
        if not source:
            source, sink = pair(w, hosts)
        else:
            sink = w.python_on(hosts and "client", SINK, "server" if hosts else "localhost")
            assert sink.stdout.readline() == "connected\n", sink.stderr.read()
        time.sleep(rng.random() / 10)
        sink.kill()
        sink.wait()
        # The same server hears of it and goes on with the next one.
        assert source.stdout.readline().startswith("error")
    source.kill()
    source.wait()
    eventually(lambda: not [s for h in ("client", "server", "default") for s in w.sockets(h)],
               "all records are given back")


def service_dies(w, hosts, rng):
    for _ in range(3):
        if hosts:
            w.up()
        source, sink = pair(w, hosts)
        time.sleep(rng.random() / 10)
        net = "two" if hosts else "default"
        pid = w.service_pid(net)
        os.kill(pid, signal.SIGKILL)
        if hosts:
            status, out, err = ends(sink)
            assert status == 0 and out.split()[0] == "error", (out, err)
            assert source.stdout.readline().startswith("error")
        source.kill()
        sink.kill()
        ends(source)
        ends(sink)
        # The socket file that it left is no obstacle.
        again = w.python_on(None, "print('fine')")
        assert ends(again)[:2] == (0, "fine\n")


def run_dies_early(w, hosts, rng):
    """Programs killed while they join or connect."""
    source, sink = pair(w, hosts)
    for _ in range(20):
        p = w.python_on(None, SINK, "localhost")
        time.sleep(rng.random() / 8)
        p.kill()
        p.wait()
    sink.kill()
    status = ends(w.python_on(None, "import socket; socket.create_connection(('localhost', 5000))"))
    assert status[0] == 0, status
    source.kill()
    ends(source)
    eventually(lambda: w.status() == [], "the default network leaves")


def main():
    results = tap.Tap()
    for test in (server_dies, client_dies, service_dies):
        for hosts in (True, False):
            def run(one=test, h=hosts):
                with World(sys.argv[1]) as world:
                    one(world, h, random.Random(5))
            results.run(f"{test.__name__} {'between hosts' if hosts else 'on one host'}", run)

    def early():
        with World(sys.argv[1]) as world:
            run_dies_early(world, False, random.Random(6))
    results.run("run_dies_early", early)
    results.done()


main()
