#!/usr/bin/env python3
"""Public test suites under enchufe, beside the kernel in the same run.

Each test of a suite runs once on the kernel and once on enchufe, each in a network
namespace of its own (as root), so that nothing can fall back to the machine's
network. What counts is how many of the tests that pass on the kernel pass on
enchufe too; the others are listed. docs/suites.md has the last figures, and the
reasons.

	tests/suites/run.py [--build build] [SUITE ...]

Suites: stress python libuv curl node ruby ltp gvisor; all when none is named, but the
last two only when LTP names a built source tree, GVISOR a folder of built test
programs. Not part of the tests: they take long, and the sources of libuv, curl, node
and ruby are fetched from Debian first, those of the first two built. Results go to
BUILD/suites/SUITE.jsonl, a line for each test; what those of the last two said on both
sides lies beside it.

SPDX-License-Identifier: BSD-2-Clause
"""

import argparse
import json
import os
import sys
import time

import curl
import gvisor
import libuv
import ltp
import node
import python
import ruby
import stress
from side import Side

SUITES = {"stress": stress, "python": python, "libuv": libuv, "curl": curl, "node": node,
          "ruby": ruby, "ltp": ltp, "gvisor": gvisor}
# Not packaged: each is run by itself only when its variable names where it was built.
BY_HAND = {"ltp": "LTP", "gvisor": "GVISOR"}


def compare(name, suite, build):
    """Runs it on both sides. True: as good as wanted."""
    results, took = {}, {}
    for kind in ("kernel", "enchufe"):
        started = time.monotonic()
        with Side(kind, build) as side:
            results[kind] = suite.run(side)
        took[kind] = time.monotonic() - started
    with open(os.path.join(build, "suites", name + ".jsonl"), "w",
              encoding="utf-8") as out:
        for test in sorted({*results["kernel"], *results["enchufe"]}):
            line = {"suite": name, "test": test, **{k: results[k].get(test, "absent")
                                                    for k in results}}
            out.write(json.dumps(line) + "\n")
    good = {t for t, r in results["kernel"].items() if r == "pass"}
    differ = sorted(t for t in good if results["enchufe"].get(t) != "pass")
    both = len(good) - len(differ)
    ratio = both / len(good) if good else 0.0
    print(f"{name}: passes on the kernel {len(good)}, of these on enchufe {both}: "
          f"{100 * ratio:.2f} %  ({took['kernel']:.0f} s, {took['enchufe']:.0f} s)")
    for test in differ:
        print(f"  {results['enchufe'].get(test, 'absent')}: {test}")
    sys.stdout.flush()
    return ratio >= 0.98


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--build", default="build")
    args.add_argument("suites", nargs="*", metavar="SUITE")
    args = args.parse_args()
    unknown = [s for s in args.suites if s not in SUITES]
    if unknown:
        sys.exit(f"suites: no suite {unknown[0]}; there are {' '.join(SUITES)}")
    build = os.path.abspath(args.build)
    folder = os.path.join(build, "suites")
    os.makedirs(folder, exist_ok=True)
    good = True
    every = [s for s in SUITES if BY_HAND.get(s, "PATH") in os.environ]
    for name in args.suites or every:
        missing = SUITES[name].prepare(folder)
        if missing:
            print(f"{name}: not run: {missing}")
            good = False
            continue
        good &= compare(name, SUITES[name], build)
    sys.exit(0 if good else 1)


main()
