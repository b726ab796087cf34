"""Many who sleep on one stream (sleepers.c), and storms of signals (signals.c): the same
on the kernel and on enchufe, where nobody spins, so that each wait is a sleep.
usage: sleepers_test.py BUILD [ROUNDS]
SPDX-License-Identifier: BSD-2-Clause"""

import os
import sys

from tap import Tap
from world import HERE, World

ROUNDS = 3000
# sleepers.c has the letters. Threads, processes, both; all kinds of sleep.
CROWDS = ["r", "rr", "rrrr", "RR", "rp", "pp", "PP", "rpes", "RPES", "rwo", "RWO",
          "ReP", "ee", "eeEE", "eewt", "RPeErpst"]


def taken(world, build, rounds, crowd):
    p = world.start("a", os.path.join(build, "tests/fault/sleepers"), rounds, crowd)
    lines = p.rest(300 if rounds <= ROUNDS else 3600)
    assert lines and lines[-1] == "all have seen the end", f"{lines} {p.errors()}"
    return lines


def main():
    tap = Tap()
    build = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    # The same dice: so the same number of bytes.
    with World(None) as native:
        want = taken(native, build, rounds, "rr")
    os.environ["ENCHUFE_SPIN_US"] = "0"
    with World(build) as world:
        for crowd in CROWDS:
            def same(crowd=crowd):
                got = taken(world, build, rounds, crowd)
                assert got == want, f"kernel {want}\nenchufe {got}"
                world.forget()
            tap.run(f"crowd {crowd}", same)
        def signals(*how):
            p = world.start("a", os.path.join(build, "tests/fault/signals"),
                            rounds * 10, *how)
            lines = p.rest(300 if rounds <= ROUNDS else 3600)
            assert lines == ["all bytes in order"], f"{lines} {p.errors()}"
            world.forget()
        tap.run("signals in recv and send", signals)
        tap.run("signals in poll", signals, "p")
    print(f"# count: {rounds * len(CROWDS)} bursts for crowds of sleepers")
    tap.done()


main()
