"""A hundred thousand connections come and go: every record returns to its pool,
the service keeps no descriptor and its memory stays. Then hundreds that are idle:
nobody uses the processor.
usage: leak_test.py BUILD
SPDX-License-Identifier: BSD-2-Clause"""

import os
import re
import sys
import time

from tap import Tap
from world import World, until

SAME_HOST, TWO_HOSTS = 100000, 2000
END_S = 600

IDLE = """
import os, select, socket
l = socket.socket()
l.bind(("0.0.0.0", 7500))
l.listen(300)
e = select.epoll()
pairs = []
for _ in range(200):
    c = socket.create_connection(("127.0.0.1", 7500))
    s = l.accept()[0]
    for x in (c, s):
        e.register(x, select.EPOLLIN)
    pairs.append((c, s))
if os.fork() == 0:
    pairs[0][0].recv(1)
print("idle", flush=True)
e.poll()
"""


def in_use(world, build, host):
    done = world.start(None, os.path.join(build, "tests/fault/arena"),
                       os.path.join(world.folder, world.name + ".sock"), host,
                       "count")
    return dict(line.split() for line in done.rest())


def resident(pid):
    """KiB of its own memory: the arena has tables that fill up once (what closed
    connections leave), and is counted record by record."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(re.search(r"^RssAnon:\s*(\d+)", file.read(), re.M)[1])


def descriptors(world):
    return len(os.listdir(f"/proc/{world.service}/fd"))


def cycles(world, build, count, port, *host):
    program = os.path.join(build, "tests/fault/cycles")
    if host:
        world.start("b", program, "serve", port).expect("listening")

    def run(n):
        p = world.start("a", program, n, port, *host)
        assert p.rest(END_S) == ["done"], str(p)

    run(500)  # what is taken once and kept
    kib = resident(world.service)
    run(count)
    grown = resident(world.service) - kib
    world.forget()
    until("the descriptors' return", lambda: descriptors(world) <= world.fds)
    for h in "ab":
        until("the records' return", lambda h=h: set(
            in_use(world, build, h).values()) == {"0"})
    # A sanitizer keeps freed memory for a while; it tells of leaks itself.
    watched = "ENCHUFE_SERVICE" in os.environ
    assert grown < 4096 or watched, f"the service has {grown} KiB more"


def used(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        f = file.read().rsplit(")", 1)[1].split()
    return int(f[11]) + int(f[12])


def idle(world):
    p = world.start("a", sys.executable, "-c", IDLE)
    p.expect("idle")
    time.sleep(0.5)
    pids = [world.service, p.pid]
    before = [used(pid) for pid in pids]
    time.sleep(2)
    spent = [used(pid) - b for pid, b in zip(pids, before)]
    assert max(spent) <= 2, f"ticks of the processor by service, program: {spent}"
    world.forget()


def main():
    tap = Tap()
    build = sys.argv[1]
    with World(build) as world:
        world.fds = descriptors(world)
        tap.run(f"{SAME_HOST} connections on one host", cycles, world, build,
                SAME_HOST, 7200)
        tap.run(f"{TWO_HOSTS} connections between two", cycles, world, build,
                TWO_HOSTS, 7201, "10.0.0.2")
        tap.run("400 idle sockets use no processor", idle, world)
    tap.done()


main()
