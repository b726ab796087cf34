#!/usr/bin/env python3
"""Runs each scenario on the kernel, where it must succeed, and with --enchufe
also on enchufe, where it must tell the same.

usage: lab.py --lab FOLDER [--enchufe BINARY] [--net FILE] [-l] [NAME]...
       FOLDER: of the compiled laboratory programs
       BINARY: of the command (default $ENCHUFE, else the kernel alone)
       --net FILE: on the only host of that network, which is called after the file
       NAME: MODULE/SCENARIO, or a pattern, as 'web/*'
SPDX-License-Identifier: BSD-2-Clause"""

import argparse
import contextlib
import difflib
import fnmatch
import os
import subprocess
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

SCENARIOS = [(f"{module.__name__}/{name}", scenario)
             for module in (usage, pieces, reverse, echo, web, local, addresses, urgent,
                            settings) for name, scenario in module.SCENARIOS]
LIMIT_S = 60  # for bringing a network up or down, against hanging
HELD = {}  # {program: the places where a scenario held with it}


def run(scenario, name, prefix, lab, port, env, enter=None):
    with Folder() as files, World(name, prefix, lab, port, files, env, enter) as world:
        try:
            scenario(world)
        except AssertionError as error:
            raise AssertionError(f"on {name}: {error}\n{world.report()}") from None
        for program in {p.argv[0] for p in world.programs}:
            if "/" not in program and os.path.exists(os.path.join(lab, program)):
                HELD.setdefault(program, set()).add(name)
        return world.transcript


def on_kernel(scenario, lab, port, env):
    if not getattr(scenario, "apart", False):
        return run(scenario, "the kernel", [], lab, port, env)
    try:
        with Apart() as network:
            return run(scenario, "the kernel", [], lab, port, env, network.enter)
    except Impossible as why:
        raise tap.Skip(why.args[0][1]) from None


@contextlib.contextmanager
def network(enchufe, net, env):
    """The words for enchufe run that join the network: the default one, or the file's."""
    if not net:
        yield []
        return
    name = os.path.splitext(os.path.basename(net))[0]

    def bring(*words):
        done = subprocess.run([enchufe, *words], env=env, capture_output=True, text=True,
                              timeout=LIMIT_S)
        assert done.returncode == 0, f"enchufe {words}: {done.stderr}"
    bring("up", net)
    try:
        yield ["--net", name]
    finally:
        bring("down", name)


def both(scenario, lab, enchufe, net):
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
        with network(enchufe, net, env) as words:
            ours = run(scenario, "enchufe", [enchufe, "run", *words, "--"], lab, port, env)
    assert ours == native, "\n".join(
        difflib.unified_diff(native, ours, "kernel", "enchufe", lineterm=""))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lab", required=True)
    parser.add_argument("--enchufe", default=os.environ.get("ENCHUFE"))
    parser.add_argument("--net")
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
        out.run(name, both, scenario, os.path.abspath(args.lab), args.enchufe, args.net)
    if args.enchufe:
        show(args.net)
    out.done()


def show(net):
    """Rows of the table of programs, for who runs all tests (tools/summary.py)."""
    print(f"# shown programs: {'program':<28}{'kernel':<12}enchufe")
    for program, places in sorted(HELD.items()):
        if len(places) == 2 and not net:
            print(f"# shown programs: {program:<28}{'passes':<12}passes")


main()
