"""The model of the doorbells, checked by spin: the order of the code loses no
wake-up, and each of the broken ones does.
usage: spin_test.py MODEL
SPDX-License-Identifier: BSD-2-Clause"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

from tap import Tap

BROKEN = {1: "taking the last bell from others", 2: "no look after going inside",
          3: "taking bells that came after the look"}


def verify(model, *defines):
    """(errors, states) of a whole search."""
    with tempfile.TemporaryDirectory() as d:
        def run(*argv):
            return subprocess.run(argv, cwd=d, capture_output=True, text=True,
                                  timeout=500, check=True).stdout
        run("spin", "-a", *defines, model)
        run("cc", "-O2", "-w", "-DSAFETY", "-DCOLLAPSE", "-o", "pan", "pan.c")
        out = run("./pan", "-m1000000")
        assert "max search depth too small" not in out, out
        return (int(re.search(r"errors: (\d+)", out)[1]),
                int(re.search(r"(\d+) states, stored", out)[1]))


def holds(model):
    states = 0
    for who in ("-DSLEEPERS=2", "-DEPOLL=0"), ("-DSLEEPERS=1", "-DEPOLL=1"):
        errors, some = verify(model, "-DSIZE=1", *who)
        assert errors == 0, f"{who}: {errors} errors"
        states += some
    print(f"# count: {states} states of the doorbells")


def fails(model, how):
    assert verify(model, "-DSIZE=1", f"-DBROKEN={how}")[0] > 0, "no error found"


def main():
    model = os.path.abspath(sys.argv[1])
    if not shutil.which("spin"):
        print("1..0 # SKIP no spin")
        return
    tap = Tap()
    tap.run("no wake-up is lost", holds, model)
    for how, name in BROKEN.items():
        tap.run(name, fails, model, how)
    tap.done()


main()
