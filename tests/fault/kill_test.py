"""kill -9 of a neighbour: whatever call a program sleeps in, it wakes up to what
the kernel would have told it; the same on one host and across two.
usage: kill_test.py BUILD
SPDX-License-Identifier: BSD-2-Clause"""

import sys
import time

from tap import Tap
from world import World, free_port

# (what the sleeper does, what the victim does)
CASES = [
    ("recv", "pause"), ("timed", "pause"), ("waitall", "pause"),
    ("threads", "pause"), ("send", "unread"), ("poll", "pause"),
    ("poll_nothing", "unread"), ("select", "pause"), ("epoll", "pause"),
    ("epoll_et", "pause"), ("epoll_out", "unread"), ("recv", "recv"),
    ("epoll_et", "epoll"), ("poll", "select"),
]


def seen(world, host, other, sleeper_role, call, victim_call):
    """What a sleeper tells whose neighbour is killed."""
    port = free_port() if not world.build else 7000
    to = "127.0.0.1" if host == other else "10.0.0.1"
    roles = {"listen": ("listen", "dial"), "dial": ("dial", "listen")}
    role, other_role = roles[sleeper_role]

    def begin(place, role, what):
        at = to if role == "dial" else "0.0.0.0"
        return world.actor(place, role, what, at, port)

    if role == "listen":
        sleeper = begin(host, role, call)
        sleeper.expect("listening")
        victim = begin(other, other_role, victim_call)
    else:
        victim = begin(host, other_role, victim_call)
        victim.expect("listening")
        sleeper = begin(other, role, call)
    victim.expect("asleep")
    sleeper.expect("asleep")
    time.sleep(0.1)
    victim.kill()
    lines = sleeper.rest()
    assert sleeper.wait() == 0, str(sleeper)
    world.forget()
    return lines


def same(native, world, other, role, call, victim):
    want = seen(native, "a", "a", role, call, victim)
    got = seen(world, "a", other, role, call, victim)
    assert got == want, f"kernel {want}\nenchufe {got}"


def main():
    tap = Tap()
    build = sys.argv[1]
    only = sys.argv[2:]
    with World(None) as native, World(build) as world:
        for other, where in (("a", "same host"), ("b", "two hosts")):
            for role in ("listen", "dial"):
                for call, victim in CASES:
                    name = f"{where}: {role} {call}, killed in {victim}"
                    if not only or any(o in name for o in only):
                        tap.run(name, same, native, world, other, role, call, victim)
        tap.run("the service lives", lambda: world.status())
    tap.done()


main()
