#!/usr/bin/env python3
"""Measures enchufe against the kernel, side by side in one run.

Each figure is taken in pairs (kernel, enchufe, kernel, enchufe ...): the same
program, the same arguments, once on the kernel's loopback and once under
`enchufe run`. Printed are the medians and the median of the pairs' ratios;
a ratio above 1 means that enchufe is better. One JSON line for each figure goes
to the file named by --out.

	bench/run.py [--build build] [--pairs 5] [--out FILE] [--only NAME]

SPDX-License-Identifier: BSD-2-Clause
"""

import argparse
import json
import os
import platform
import signal
import socket
import statistics
import subprocess
import sys
import time

TIMEOUT_S = 120


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return str(s.getsockname()[1])


class Server:
    """`netbench serve` behind a prefix command, until the block ends."""

    def __init__(self, prefix, netbench, port):
        self.cmd = [*prefix, netbench, "serve", port]

    def __enter__(self):
        self.proc = subprocess.Popen(self.cmd, start_new_session=True)
        return self

    def __exit__(self, *exc):
        os.killpg(self.proc.pid, signal.SIGKILL)
        self.proc.wait()


def client(prefix, netbench, args):
    """One client run; waits for the server by trying again while refused."""
    end = time.monotonic() + 10
    while True:
        r = subprocess.run([*prefix, netbench, *args], capture_output=True,
                           text=True, timeout=TIMEOUT_S)
        if r.returncode == 0:
            return json.loads(r.stdout)
        if "refused" not in r.stderr or time.monotonic() > end:
            sys.exit(f"bench: {' '.join(prefix)} netbench {' '.join(args)}: "
                     f"{r.stderr.strip()}")
        time.sleep(0.05)


FIGURES = [
    # name, arguments after HOST PORT, key, better, pinned to these processors
    ("echo-1B", ["echo", "20000"], "p50_ns", "less", None),
    ("echo-1B-one-core", ["echo", "20000"], "p50_ns", "less", ("0", "0")),
    ("echo-1B-two-cores", ["echo", "20000"], "p50_ns", "less", ("0", "1")),
    ("stream-64B", ["stream", "50000000", "64"], "bytes_per_s", "more", None),
    ("stream-1KiB", ["stream", "500000000", "1024"], "bytes_per_s", "more", None),
    ("stream-8KiB", ["stream", "2000000000", "8192"], "bytes_per_s", "more", None),
    ("stream-64KiB", ["stream", "5000000000", "65536"], "bytes_per_s", "more", None),
    ("stream-1MiB", ["stream", "8000000000", "1048576"], "bytes_per_s", "more", None),
]


def pin(cpus, i):
    return ["taskset", "-c", cpus[i]] if cpus else []


def measure(figure, build, pairs):
    name, args, key, better, cpus = figure
    netbench = os.path.join(build, "bench", "netbench")
    sides = {"kernel": [], "enchufe": [os.path.join(build, "enchufe"), "run", "--"]}
    values = {side: [] for side in sides}
    for _ in range(pairs):
        for side, prefix in sides.items():
            port = free_port()
            with Server([*pin(cpus, 0), *prefix], netbench, port):
                out = client([*pin(cpus, 1), *prefix], netbench,
                             [args[0], "127.0.0.1", port, *args[1:]])
            values[side].append(out[key])
    ratios = [k / e if better == "less" else e / k
              for k, e in zip(values["kernel"], values["enchufe"])]
    return {"figure": name, "unit": key, "better": better, "pairs": pairs,
            "kernel": statistics.median(values["kernel"]),
            "enchufe": statistics.median(values["enchufe"]),
            "ratio": round(statistics.median(ratios), 3),
            "ratio_min": round(min(ratios), 3), "ratio_max": round(max(ratios), 3)}


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--build", default="build")
    ap.add_argument("--pairs", type=int, default=5)
    ap.add_argument("--out")
    ap.add_argument("--only", help="figures whose name begins so")
    a = ap.parse_args()
    out = open(a.out, "w") if a.out else None
    machine = {"kernel_release": platform.release(), "cpus": os.cpu_count()}
    for figure in FIGURES:
        if a.only and not figure[0].startswith(a.only):
            continue
        r = measure(figure, os.path.abspath(a.build), a.pairs)
        print(f"{r['figure']:18} kernel {r['kernel']:>16,.0f}  enchufe "
              f"{r['enchufe']:>16,.0f} {r['unit']:12} ratio {r['ratio']:.2f} "
              f"({r['ratio_min']:.2f} to {r['ratio_max']:.2f})", flush=True)
        if out:
            out.write(json.dumps({**r, **machine}) + "\n")


if __name__ == "__main__":
    main()
