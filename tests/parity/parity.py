#!/usr/bin/env python3
"""Runs parity programs on the kernel, where each must exit with 0, and on enchufe,
where each must print the same lines and end the same way.

usage: parity.py --build FOLDER [-v] [--kernel] [--net FILE] [--differences FILE]
       [--jobs N] [--stutter MS] NAME...
       NAME: AREA/NAME or a pattern, as 'poll/*'
       -v: prints what each said, and is the way to try one by hand
       --kernel: only there
       --net FILE: on the only host of that network, not of alone.yaml: to see
       whether another way of the bytes changes anything
       --stutter MS: the service stands still for so long again and again: what
       is seen must not depend on when it comes
SPDX-License-Identifier: BSD-2-Clause"""

import argparse
import difflib
import fnmatch
import os
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "runner"))

# pylint: disable=wrong-import-position
import tap
from differences import Differences
from places import Enchufe, Kernel

AT_TIMES = "at times: "  # a reason that begins so need not differ in each run
SHOWN_MAX = 60  # lines of one difference


class Failure(AssertionError):
    """What is wrong with one program."""


def compare(name, kernel, enchufe, reason):
    """A line to print about a program that passes."""
    if kernel.status != "exit 0":
        raise Failure(f"on the kernel: {kernel.status}\n{kernel}")
    diff = list(difflib.unified_diff(kernel.lines, enchufe.lines, "kernel", "enchufe",
                                     lineterm="", n=2))
    if reason and not diff and not reason.startswith(AT_TIMES):
        raise Failure("differences.txt has it, but it does not differ: " + reason)
    if diff and not reason:
        shown = diff[:SHOWN_MAX] + ["..."] * (len(diff) > SHOWN_MAX)
        raise Failure("\n".join(shown + enchufe.errors[-10:]))
    return f"{name} differs on purpose: {reason}" if diff else None


def run(name, args, reason):
    """(lines to print, whether it passes) of one program."""
    program = os.path.join(folder(args.build), name.replace("/", "."))
    said = []
    try:
        kernel = Kernel().run(program)
        if args.verbose:
            said += [f"{name} on the kernel: {kernel}"]
        if args.kernel:
            if kernel.status != "exit 0":
                raise Failure(str(kernel))
            return said, True
        enchufe = Enchufe(args.build, args.net, args.stutter).run(program)
        if args.verbose:
            said += [f"{name} on enchufe: {enchufe}"]
        on_purpose = compare(name, kernel, enchufe, reason)
    except (AssertionError, OSError) as error:
        return said + [str(error)], False
    return said + [on_purpose] * bool(on_purpose), True


def folder(build):
    return os.path.join(build, "tests", "parity")


def programs(build, patterns):
    """Their names, of what the build folder has: AREA.NAME is AREA/NAME."""
    root = folder(build)
    names = sorted(n.replace(".", "/", 1) for n in os.listdir(root)
                   if os.path.isfile(os.path.join(root, n)) and
                   os.access(os.path.join(root, n), os.X_OK))
    wanted = []
    for pattern in patterns:
        found = fnmatch.filter(names, pattern)
        if not found:
            sys.exit(f"parity.py: no program {pattern} in {root}")
        wanted += found
    return wanted


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("--kernel", action="store_true")
    parser.add_argument("--net", default=os.path.join(HERE, "alone.yaml"))
    parser.add_argument("--differences", default=os.path.join(HERE, "differences.txt"))
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--stutter", type=int, default=0)
    parser.add_argument("names", nargs="+")
    args = parser.parse_args()
    args.build = os.path.abspath(args.build)
    names = programs(args.build, args.names)
    differences = Differences(args.differences)
    out = tap.Tap()
    with ThreadPoolExecutor(args.jobs) as pool:
        runs = [pool.submit(run, n, args, differences.reason(n)) for n in names]
        for name, one in zip(names, runs):
            said, passed = one.result()
            out.diag("\n".join(said))
            out.result(name, passed)
    there = programs(args.build, ["*"])
    for stale in differences.unknown({n.split("/")[0] for n in names}, there):
        out.result(f"{stale}: in differences.txt, but there is no such program", False)
    if not args.kernel:
        again = "" if args.net == parser.get_default("net") else " on another network"
        out.diag(f"count: {len(names)} parity programs{again}")
        out.diag(f"count: {differences.used} differences on purpose{again}")
    out.done()


main()
