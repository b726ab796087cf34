#!/usr/bin/env python3
"""TCP over bad links: enchufe in place of one end, beside Linux at both.

Two network namespaces are joined by an enchufe link with impairments between two TAP
devices (bench/wanlink.c). The baseline sends between the two kernels; the candidate
is a host of ours behind the first namespace, which forwards for it:

    box (enchufe) -- ench0 | namespace A | wan0 == the link == wan0 | namespace B

Same link, same seeds, same programs, in pairs: Linux, enchufe, Linux ... Printed are
the medians and the median of the pairs' ratios of goodput, above 1 when enchufe is
better, and for one flow of each side by side Jain's index of fairness.

	bench/wan.py [--build build] [--pairs 3] [--seconds 5] [--only NAME] [--out FILE]
	             [--long]

--long: ten pairs of twenty seconds each, with Reno too. Needs root; changes nothing
outside of namespaces of its own.

SPDX-License-Identifier: BSD-2-Clause
"""

import argparse
import concurrent.futures
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

NETFILE = """network: wan
hosts:
  box: {}
links:
  - name: out
    tap: {host: box, device: ench0, addresses: [192.168.50.2/24],
          gateway: 192.168.50.1}
"""
BOX, A, B = "192.168.50.2", "10.9.0.1", "10.9.0.2"
MBIT = 1000000
# name: the link, seconds times this, may run beside others (needs little of the
# machine)
CASES = {
    "wan-10ms-1%": ({"delay": 10000, "loss": 0.01}, 1, True),
    "wan-100ms-0.1%": ({"delay": 100000, "loss": 0.001}, 3, True),
    "wan-50ms-reorder-10%": ({"delay": 50000, "reorder": 0.1}, 2, True),
    "wan-100Mbit-shallow": ({"delay": 10000, "rate": 100 * MBIT, "queue": 40}, 1, False),
    "wan-100Mbit-deep": ({"delay": 10000, "rate": 100 * MBIT, "queue": 400}, 1, False),
    "wan-clean": ({"delay": 1000}, 1, False),
}
# Pairs that a figure wants at least: by reordering alone, goodput varies most.
PAIRS_LEAST = {"wan-50ms-reorder-10%": 10}
TOGETHER = 5  # pairs in one world, one after the other
BESIDE = 10  # worlds at a time of what may run beside others
FAIR = {"delay": 10000, "rate": 50 * MBIT, "queue": 100}


def sh(*cmd, **kw):
    r = subprocess.run(cmd, capture_output=True, text=True, check=False, **kw)
    if r.returncode:
        sys.exit(f"wan: {' '.join(cmd)}: {r.stderr.strip()}")


class World:
    """Two namespaces, the host of ours, and the link between them."""

    def __init__(self, build):
        self.bin = os.path.join(build, "bench")
        self.enchufe = os.path.join(build, "enchufe")
        self.holders = [subprocess.Popen(["unshare", "--net", "sleep", "3600"])
                        for _ in range(2)]
        self.inside = [["nsenter", f"--net=/proc/{h.pid}/ns/net"]
                       for h in self.holders]
        self.link = None
        self.rundir = tempfile.mkdtemp(prefix="enchufe-wan-")
        self.env = {**os.environ, "ENCHUFE_RUNTIME_DIR": self.rundir}
        own = os.readlink("/proc/self/ns/net")
        for h in self.holders:
            end = time.monotonic() + 10
            while os.readlink(f"/proc/{h.pid}/ns/net") == own:
                if time.monotonic() > end:
                    sys.exit("wan: no network namespaces here")
                time.sleep(0.01)
        for inside in self.inside:
            sh(*inside, "ip", "link", "set", "lo", "up")
            # Each sender chooses its congestion control itself (netbench pour): the
            # default of a namespace may not be any that the machine's own restricts.
            sh(*inside, "sh", "-e", "-c", """
                cd /proc/sys/net/ipv4
                echo 1 >tcp_no_metrics_save
                echo 1 >ip_forward""")
        netfile = os.path.join(self.rundir, "wan.yaml")
        with open(netfile, "w") as f:
            f.write(NETFILE)
        sh(*self.inside[0], self.enchufe, "up", netfile, env=self.env)
        self.ip(0, "addr add 192.168.50.1/24 dev ench0")
        self.ip(0, "link set ench0 up")

    def ip(self, side, cmd):
        sh(*self.inside[side], "ip", *cmd.split())

    def join(self, impair, seed):
        """A new link; the old one's devices go with it."""
        self.part()
        args = [f"{k}={v}" for k, v in impair.items()]
        # A link that wakes late makes a burst of what was none, and a short queue
        # drops it; one without rate or loss may want a whole core, and must share.
        urgent = ["chrt", "-f", "10"] if len(impair) > 1 else []
        self.link = subprocess.Popen(
            [*self.inside[0], *urgent, os.path.join(self.bin, "wanlink"), "wan0",
             f"/proc/{self.holders[1].pid}/ns/net", "wan0", str(seed), *args],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self.link.stdout.readline() != b"ready\n":
            sys.exit("wan: the link does not start")
        for side, addr in enumerate((A, B)):
            self.ip(side, f"addr add {addr}/24 dev wan0")
            self.ip(side, "link set wan0 up")
        self.ip(1, f"route add 192.168.50.0/24 via {A}")

    def part(self):
        if self.link:
            self.link.stdin.close()
            self.link.wait()
            self.link = None

    def start(self, who, *args):
        """netbench in namespace A, in B, or on the box."""
        prefix = self.inside[1 if who == "B" else 0]
        if who == "box":
            prefix = [*prefix, self.enchufe, "run", "--net", "wan", "--on", "box", "--"]
        return subprocess.Popen([*prefix, os.path.join(self.bin, "netbench"), *args],
                                stdout=subprocess.PIPE, env=self.env)

    def listens(self, who, port):
        """Waits until somebody listens there."""
        path = "/proc/net/tcp6"
        if who == "box":
            time.sleep(0.5)
            return
        for _ in range(200):
            out = subprocess.run([*self.inside[1 if who == "B" else 0], "cat", path],
                                 capture_output=True, text=True, check=True).stdout
            if f":{port:04X} " in out:
                return
            time.sleep(0.02)

    def flow(self, sender, receiver, port, seconds, cc):
        """Starts one; its sink and its sender."""
        addr = {"A": A, "B": B, "box": BOX}[receiver]
        sink = self.start(receiver, "sink", str(port), str(seconds))
        self.listens(receiver, port)
        return sink, self.start(sender, "pour", addr, str(port), cc)

    @staticmethod
    def finish(flow, seconds):
        """Bytes a second that came."""
        sink, pour = flow
        try:
            out, _ = sink.communicate(timeout=seconds + 60)
            return json.loads(out)["bytes_per_s"]
        except (subprocess.TimeoutExpired, ValueError):
            sys.exit("wan: a flow did not end")
        finally:
            for p in (sink, pour):
                p.kill()
                p.wait()

    def close(self):
        self.part()
        subprocess.run([*self.inside[0], self.enchufe, "down", "wan"], env=self.env,
                       capture_output=True, check=False)
        for h in self.holders:
            h.kill()
            h.wait()
        shutil.rmtree(self.rundir, ignore_errors=True)


def take(name, direction, cc, build, seeds, seconds):
    """Of one figure a pair for each seed: the baseline's goodputs, the candidate's."""
    impair, times, _ = CASES[name]
    world = World(build)
    values = {"A": [], "box": []}
    try:
        for k in seeds:
            for i, end in enumerate(values):
                world.join(impair, 1000 + k)
                ways = (end, "B") if direction == "sends" else ("B", end)
                flow = world.flow(*ways, 5000 + 2 * k + i, seconds * times, cc)
                values[end].append(world.finish(flow, seconds * times))
    finally:
        world.close()
    return values["A"], values["box"]


def figure(name, direction, cc, linux, ours):
    ratios = [e / k for k, e in zip(linux, ours)]
    return {"figure": f"{name}-{direction}", "cc": cc, "unit": "bytes_per_s",
            "pairs": len(ratios), "kernel": statistics.median(linux),
            "enchufe": statistics.median(ours),
            "ratio": round(statistics.median(ratios), 3),
            "ratio_min": round(min(ratios), 3), "ratio_max": round(max(ratios), 3)}


def jain(x):
    return sum(x) ** 2 / (len(x) * sum(v * v for v in x))


def fairness(build, seconds, other):
    """A flow of Linux beside one of `other`, both into B."""
    world = World(build)
    try:
        world.join(FAIR, 7)
        flows = [world.flow(who, "B", 6000 + i, seconds, "cubic")
                 for i, who in enumerate(("A", other))]
        got = [world.finish(f, seconds) for f in flows]
    finally:
        world.close()
    return {"figure": "wan-fairness" if other == "box" else "wan-fairness-linux-only",
            "cc": "cubic", "unit": "jain", "linux": got[0], "other": got[1],
            "jain": round(jain(got), 3)}


def say(r, out):
    if r["unit"] == "jain":
        print(f"{r['figure']:36} linux {r['linux']:>13,.0f}  other   "
              f"{r['other']:>13,.0f} bytes_per_s jain  {r['jain']:.2f}", flush=True)
    else:
        print(f"{r['figure'] + ' ' + r['cc']:36} linux {r['kernel']:>13,.0f}  enchufe "
              f"{r['enchufe']:>13,.0f} bytes_per_s ratio {r['ratio']:.2f} "
              f"({r['ratio_min']:.2f} to {r['ratio_max']:.2f})", flush=True)
    if out:
        out.write(json.dumps({**r, "kernel_release": platform.release()}) + "\n")
        out.flush()


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--build", default="build")
    ap.add_argument("--pairs", type=int)
    ap.add_argument("--seconds", type=int)
    ap.add_argument("--only", default="", help="figures whose name begins so")
    ap.add_argument("--out")
    ap.add_argument("--long", action="store_true")
    a = ap.parse_args()
    if os.geteuid() != 0 or not os.path.exists("/dev/net/tun"):
        print("wan: needs root and /dev/net/tun; left out")
        return
    os.nice(-15)  # links, ends and host alike: what else the machine does matters less
    build = os.path.abspath(a.build)
    pairs = a.pairs or (10 if a.long else 3)
    seconds = a.seconds or (20 if a.long else 4)
    if a.out:
        os.makedirs(os.path.dirname(os.path.abspath(a.out)), exist_ok=True)
    out = open(a.out, "w") if a.out else None
    ccs = ("cubic", "reno") if a.long else ("cubic",)
    jobs = [(name, way, cc) for cc in ccs for name in CASES
            for way in ("sends", "receives") if name.startswith(a.only)]

    def begin(pool, job):
        """What is under way of a figure: its seeds, some at a time."""
        n = max(pairs, PAIRS_LEAST.get(job[0], 0))
        return [pool.submit(take, *job, build, range(k, min(k + TOGETHER, n)), seconds)
                for k in range(0, n, TOGETHER)]

    def end(job, parts):
        done = [p.result() for p in parts]
        linux, ours = ([v for d in done for v in d[i]] for i in range(2))
        say(figure(*job, linux, ours), out)

    for beside, workers in ((True, BESIDE), (False, 1)):
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            fair = [pool.submit(fairness, build, 30, other) for other in ("box", "A")
                    if beside and "wan-fairness".startswith(a.only)]
            for job, parts in [(j, begin(pool, j)) for j in jobs
                               if CASES[j[0]][2] == beside]:
                end(job, parts)
            for f in fair:
                say(f.result(), out)


if __name__ == "__main__":
    main()
