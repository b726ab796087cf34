#!/usr/bin/env python3
"""Runs each scenario on the kernel, where it must succeed, and with --enchufe
also on enchufe, where it must tell the same.

usage: lab.py --lab FOLDER [--enchufe BINARY] [-l] [NAME|PREFIX*]...
       FOLDER: of the compiled laboratory programs
       BINARY: of the command (default $ENCHUFE, else the kernel alone)
SPDX-License-Identifier: BSD-2-Clause"""

import argparse
import difflib
import fnmatch
import os
import sys

import tap

import addresses
import echo
import local
import pieces
import reverse
import settings
import urgent
import usage
import web
from apart import Apart, Impossible
from world import Folder, World, free_port, kernel_has_ipv6

SCENARIOS = [s for module in (usage, pieces, reverse, echo, web, local, addresses,
                              urgent, settings) for s in module.SCENARIOS]


HELD = {}  # {program: {place: how many scenarios held with it}}


def run(scenario, name, prefix, lab, port, env, enter=None):
    with Folder() as files, World(name, prefix, lab, port, files, env, enter) as world:
        try:
            scenario(world)
        except AssertionError as error:
            raise AssertionError(f"on {name}: {error}\n{world.report()}") from None
        for program in {p.argv[0] for p in world.programs}:
            if os.path.exists(os.path.join(lab, program)):
                places = HELD.setdefault(program, {})
                places[name] = places.get(name, 0) + 1
        return world.transcript


def on_kernel(scenario, lab, port, env):
    if not getattr(scenario, "apart", False):
        return run(scenario, "the kernel", [], lab, port, env)
    try:
        with Apart() as network:
            return run(scenario, "the kernel", [], lab, port, env, network.enter)
    except Impossible as why:
        raise tap.Skip(why.args[0][1]) from None


def both(scenario, lab, enchufe):
    port = free_port()
    if getattr(scenario, "ipv6", False) and not kernel_has_ipv6():
        raise tap.Skip("the kernel here has no IPv6 to compare with")
    # The documents' own words, and libc's as they are where nothing is installed.
    spanish = dict(os.environ, LC_ALL="es")
    native = on_kernel(scenario, lab, port, spanish)
    if not enchufe:
        return
    with Folder() as runtime:
        # A network of its own: not one that the user has up.
        env = dict(spanish, ENCHUFE_RUNTIME_DIR=runtime)
        ours = run(scenario, "enchufe", [enchufe, "run", "--"], lab, port, env)
    assert ours == native, "\n".join(
        difflib.unified_diff(native, ours, "kernel", "enchufe", lineterm=""))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lab", required=True)
    parser.add_argument("--enchufe", default=os.environ.get("ENCHUFE"))
    parser.add_argument("-l", action="store_true")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    wanted = [(n, s) for n, s in SCENARIOS if not args.names or
              any(fnmatch.fnmatchcase(n, pattern) for pattern in args.names)]
    if args.l:
        print("\n".join(n for n, _ in wanted))
        return
    if not wanted:
        sys.exit("lab.py: no scenario of that name")
    out = tap.Tap()
    for name, scenario in wanted:
        out.run(name, both, scenario, os.path.abspath(args.lab), args.enchufe)
    if args.enchufe and not args.names:
        show()
    out.done()


def show():
    """A table of the programs, for who runs all tests."""
    print(f"# shown: {'program':<28}kernel              enchufe")
    for program, places in sorted(HELD.items()):
        cells = [f"{places.get(p, 0)} scenarios" for p in ("the kernel", "enchufe")]
        print(f"# shown: {program:<28}{cells[0]:<20}{cells[1]}")


main()
