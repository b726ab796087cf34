"""Parents that die, close or turn into other programs as soon as they have forked:
their heirs keep epoll sets, and afterwards every record returns.
usage: heirs_test.py BUILD
SPDX-License-Identifier: BSD-2-Clause"""

import os
import sys

from tap import Tap
from world import World, until

ROUNDS = 60
GRACE_S = 120  # sets without a holder are kept for a while


def in_use(world, build):
    done = world.start(None, os.path.join(build, "tests/fault/arena"),
                       os.path.join(world.folder, world.name + ".sock"), "a",
                       "count")
    return {line.split()[1] for line in done.rest()}


def heirs(world, build):
    p = world.start("a", os.path.join(build, "tests/fault/heirs"), ROUNDS)
    assert p.rest() == ["done"], str(p)
    world.forget()
    until("the records' return", lambda: in_use(world, build) == {"0"}, GRACE_S)


def main():
    tap = Tap()
    build = sys.argv[1]
    with World(build) as world:
        tap.run(f"{3 * ROUNDS} sets are inherited", heirs, world, build)
    tap.done()


main()
