#!/usr/bin/env python3
"""Bulk TCP over a TAP device beside kernel to kernel over veth.

In a network namespace of its own (root): the kernel's side of the TAP device and
of the veth pair lies here, the far ends are a host of ours and another namespace.
Pairs as in bench/run.py; a ratio above 1 means that enchufe is better.

	bench/tap.py [--build build] [--pairs 5] [--bytes 500000000]

SPDX-License-Identifier: BSD-2-Clause
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from run import Server, client, free_port  # noqa: E402

NETFILE = """network: tapbench
hosts:
  box: {}
links:
  - name: out
    tap: {host: box, device: ench0, addresses: [192.168.77.2/24]}
"""


def sh(cmd):
    subprocess.run(cmd.split(), check=True, stdout=subprocess.DEVNULL)


def enter_namespace():
    if os.environ.get("TAP_BENCH_INSIDE"):
        return
    os.environ["TAP_BENCH_INSIDE"] = "1"
    os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.argv])


def veth():
    """A second namespace behind a veth pair; its holder's process."""
    holder = subprocess.Popen(["unshare", "--net", "sleep", "600"])
    time.sleep(0.3)
    sh("ip link add v0 type veth peer name v1")
    sh(f"ip link set v1 netns {holder.pid}")
    sh("ip addr add 192.168.78.1/24 dev v0")
    sh("ip link set v0 up")
    inside = f"nsenter --net=/proc/{holder.pid}/ns/net "
    for cmd in ("ip addr add 192.168.78.2/24 dev v1", "ip link set v1 up",
                "ip link set lo up"):
        sh(inside + cmd)
    return holder, inside.split()


def main():
    enter_namespace()
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--build", default="build")
    ap.add_argument("--pairs", type=int, default=5)
    ap.add_argument("--bytes", default="500000000")
    a = ap.parse_args()
    build = os.path.abspath(a.build)
    netbench = os.path.join(build, "bench", "netbench")
    enchufe = os.path.join(build, "enchufe")
    rundir = tempfile.mkdtemp(prefix="enchufe-bench-")
    os.environ["ENCHUFE_RUNTIME_DIR"] = rundir
    sh("ip link set lo up")
    netfile = os.path.join(rundir, "net.yaml")
    with open(netfile, "w") as f:
        f.write(NETFILE)
    sh(f"{enchufe} up {netfile}")
    sh("ip addr add 192.168.77.1/24 dev ench0")
    sh("ip link set ench0 up")
    holder, far_kernel = veth()
    far_ours = [enchufe, "run", "--net", "tapbench", "--on", "box", "--"]
    # name: where the server runs, where the client runs, server's address
    runs = {
        "tap-kernel-receives": [([], far_kernel, "192.168.78.1"),
                        ([], far_ours, "192.168.77.1")],
        "tap-kernel-sends": [(far_kernel, [], "192.168.78.2"),
                     (far_ours, [], "192.168.77.2")],
    }
    try:
        for name, sides in runs.items():
            values = [[], []]
            for _ in range(a.pairs):
                for i, (sprefix, cprefix, addr) in enumerate(sides):
                    port = free_port()
                    with Server(sprefix, netbench, port):
                        out = client(cprefix, netbench, ["stream", addr, port,
                                                         a.bytes, "65536"])
                    values[i].append(out["bytes_per_s"])
            ratios = [e / k for k, e in zip(*values)]
            print(json.dumps({
                "figure": name, "unit": "bytes_per_s", "pairs": a.pairs,
                "kernel": statistics.median(values[0]),
                "enchufe": statistics.median(values[1]),
                "ratio": round(statistics.median(ratios), 3),
                "ratio_min": round(min(ratios), 3),
                "ratio_max": round(max(ratios), 3)}), flush=True)
    finally:
        subprocess.run([enchufe, "down", "tapbench"], check=False)
        holder.kill()
        holder.wait()
        shutil.rmtree(rundir, ignore_errors=True)


if __name__ == "__main__":
    main()
