#!/usr/bin/env python3
"""Measures enchufe against the kernel, side by side in one run.

Each figure is taken in pairs (kernel, enchufe, kernel, enchufe ...): the same
program, the same arguments, once on the kernel's loopback and once under
`enchufe run`. Printed are the medians and the median of the pairs' ratios;
a ratio above 1 means that enchufe is better. One JSON line for each figure goes
to the file named by --out, the picture to --svg. As root all of it runs in a network
namespace of its own, where the loopback's congestion control is CUBIC.

	bench/run.py [--build build] [--pairs 3] [--out FILE] [--svg FILE]
	             [--only NAME[,NAME...]] [--list]

SPDX-License-Identifier: BSD-2-Clause
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys

import core
import idle
import loopback
import networks
import programs
from pairs import Bench, Failed, measure, namespace
from picture import draw

FIGURES = [*loopback.FIGURES, *programs.FIGURES, *networks.FIGURES, *core.FIGURES,
           *idle.FIGURES]
VERSIONS = [["redis-server", "--version"], ["nginx", "-v"], ["wrk", "-v"],
            ["iperf3", "--version"]]


def version(cmd):
    try:
        r = subprocess.run(cmd, capture_output=True, text=True, timeout=10)
    except OSError:
        return None
    found = re.search(r"\d+\.\d+[.\d]*", r.stdout + r.stderr)
    return found.group() if found else None


def commit():
    """Of this tree; None: it is no clone."""
    r = subprocess.run(["git", "-C", os.path.dirname(os.path.abspath(__file__)),
                        "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return r.stdout.strip() or None


def machine(cc):
    with open("/proc/cpuinfo") as f:
        cpu = re.search(r"model name\s*: (.*)", f.read())
    return {"kernel_release": platform.release(), "cpus": os.cpu_count(),
            "cpu": cpu.group(1) if cpu else platform.machine(),
            "load": os.getloadavg()[0], "congestion_control": cc,
            "versions": {"enchufe": commit(), **{c[0]: version(c) for c in VERSIONS}}}


def show(r):
    cells = [f"{side} {r[side]['median']:>16,.5g}" for side in
             ("machine", "kernel", "unix", "enchufe") if side in r]
    line = f"{r['figure']:24} {'  '.join(cells)} {r['unit']}"
    if "ratio" in r:
        line += "  ratio {median:.2f} ({min:.2f} to {max:.2f})".format(**r["ratio"])
        line += f", wanted {r['wanted']:g}" if "wanted" in r else ""
    print(line, flush=True)


def chosen(only):
    names = only.split(",") if only else [""]
    return [f for f in FIGURES if any(f.name.startswith(n) for n in names)]


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--build", default="build")
    ap.add_argument("--pairs", type=int, default=3)
    ap.add_argument("--out")
    ap.add_argument("--svg")
    ap.add_argument("--only", help="figures whose names begin so")
    ap.add_argument("--list", action="store_true")
    a = ap.parse_args()
    if a.list:
        print("\n".join(f"{f.name:24} {f.title}" for f in FIGURES))
        return 0
    congestion_control = namespace()
    bench = Bench(a.build)
    results, failed = [], 0
    about = machine(congestion_control)
    try:
        for figure in chosen(a.only):
            try:
                r = measure(bench, figure, a.pairs)
            except (Failed, OSError, subprocess.SubprocessError) as e:
                print(f"{figure.name:24} not taken: {e}", flush=True)
                failed += 1
                continue
            show(r)
            results.append(r)
    finally:
        bench.close()
    if a.out:
        os.makedirs(os.path.dirname(a.out) or ".", exist_ok=True)
        with open(a.out, "w") as f:
            f.writelines(json.dumps({**r, "machine": about}) + "\n" for r in results)
    if a.svg:
        with open(a.svg, "w") as f:
            f.write(draw(results, {f.name: f.title for f in FIGURES}, about))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
