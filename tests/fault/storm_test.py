"""Storms of processes, threads and descriptors: storms.py prints the same on the
kernel and on enchufe, and leaves nothing behind.
usage: storm_test.py BUILD
SPDX-License-Identifier: BSD-2-Clause"""

import os
import sys

from tap import Tap
from world import HERE, World, free_port, until

STORMS = ["forks", "prefork", "spawns", "close_races", "numbers", "passing",
          "daemons", "exhaustion", "wakeups"]


def lines(world, storm, port):
    p = world.start("a", sys.executable, os.path.join(HERE, "storms.py"), storm,
                    port)
    got = p.rest()
    assert got, str(p)
    return got, p.errors()


def same(native, world, storm):
    want, _ = lines(native, storm, free_port())
    got, errors = lines(world, storm, 7000)
    world.forget()
    native.forget()
    assert got == want, f"kernel {want}\nenchufe {got}\n{errors}"


def nothing_is_left(world):
    until("the sockets' return", lambda: not any(
        h["sockets"] or h["processes"] for h in world.status()["hosts"]))
    until("the descriptors' return",
          lambda: len(os.listdir(f"/proc/{world.service}/fd")) <= world.fds)


def main():
    tap = Tap()
    build, only = sys.argv[1], sys.argv[2:]
    with World(None) as native, World(build) as world:
        world.fds = len(os.listdir(f"/proc/{world.service}/fd"))
        for storm in only or STORMS:
            tap.run(storm, same, native, world, storm)
        tap.run("nothing is left", nothing_is_left, world)
    tap.done()


main()
