"""What all figures of the benchmarks share: the two sides, servers that live as long
as a block, clients that are tried until the server is there, and pairs.

SPDX-License-Identifier: BSD-2-Clause
"""

import dataclasses
import json
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

TIMEOUT_S = 120
os.environ["PATH"] += ":/usr/local/sbin:/usr/sbin:/sbin"
READY_S = 20


class Failed(Exception):
    """One figure could not be taken; the others can."""


def free_port():
    """Below those that clients get: one of them may rest in TIME-WAIT."""
    while True:
        port = random.randrange(10000, 32768)
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
        return str(port)


def need(*names):
    """The first one's path; all must be installed."""
    for name in names:
        if not shutil.which(name):
            raise Failed(f"{name} is not installed (tools/install-deps.sh bench)")
    return shutil.which(names[0])


def pin(cpus, i):
    return ["taskset", "-c", cpus[i]] if cpus else []


def sh(command):
    subprocess.run(command.split(), check=True, stdout=subprocess.DEVNULL)


def run(cmd):
    """Its output. Tried again while it is refused: the server is on its way."""
    end = time.monotonic() + READY_S
    while True:
        r = subprocess.run(cmd, capture_output=True, text=True, timeout=TIMEOUT_S)
        if r.returncode == 0:
            return r.stdout
        if "refused" not in r.stderr + r.stdout or time.monotonic() > end:
            raise Failed(f"{' '.join(cmd)}: {(r.stderr or r.stdout).strip()}")
        time.sleep(0.02)


class Process:
    """A command until the block ends; its standard output can be read."""

    def __init__(self, cmd, **popen):
        self.cmd, self.popen = cmd, popen

    def __enter__(self):
        self.proc = subprocess.Popen(self.cmd, start_new_session=True, text=True,
                                     stderr=subprocess.DEVNULL,
                                     **{"stdout": subprocess.DEVNULL, **self.popen})
        return self.proc

    def __exit__(self, *exc):
        os.killpg(self.proc.pid, signal.SIGKILL)
        self.proc.wait()
        if self.proc.stdout:
            self.proc.stdout.close()


class Bench:
    """Where everything is, and a run directory for the services of this run."""

    def __init__(self, build):
        self.build = os.path.abspath(build)
        self.netbench = os.path.join(self.build, "bench", "netbench")
        self.enchufe = os.path.join(self.build, "enchufe")
        self.dir = tempfile.mkdtemp(prefix="enchufe-bench-")
        os.environ["ENCHUFE_RUNTIME_DIR"] = os.path.join(self.dir, "run")
        os.mkdir(os.environ["ENCHUFE_RUNTIME_DIR"], 0o700)
        self.ends = []
        self.sides = {"kernel": [], "enchufe": [self.enchufe, "run", "--"]}

    def at_end(self, fn, *args):
        """To be called before the directory goes, the last one first."""
        self.ends.append((fn, args))

    def close(self):
        for fn, args in reversed(self.ends):
            fn(*args)
        shutil.rmtree(self.dir, ignore_errors=True)

    def served(self, server, client, port, args, serve="serve"):
        """One netbench run: server and client are prefix commands."""
        with Process([*server, self.netbench, serve, port]):
            return json.loads(run([*client, self.netbench, *args]))


@dataclasses.dataclass
class Figure:
    name: str
    unit: str
    better: str  # "less" or "more"
    take: Callable  # (bench, side's name, its prefix): the value
    wanted: float = 0  # ratio; 0: none was set
    against: str = "the kernel"
    sides: tuple = ("kernel", "enchufe")
    title: str = ""


def ratio(figure, base, ours):
    return base / ours if figure.better == "less" else ours / base


def spread(values):
    return {"median": statistics.median(values), "min": min(values),
            "max": max(values)}


def measure(bench, figure, pairs):
    """In pairs: whatever else the machine does meets both sides alike."""
    values = {side: [] for side in figure.sides}
    for _ in range(pairs):
        for side in figure.sides:
            prefix = bench.sides.get(side, [])
            values[side].append(figure.take(bench, side, prefix))
    out = {"figure": figure.name, "unit": figure.unit, "better": figure.better,
           "pairs": pairs}
    for side in figure.sides:
        out[side] = spread(values[side])
    if len(figure.sides) == 2:
        ratios = [ratio(figure, b, o) for b, o in zip(*values.values())]
        out["against"] = figure.against
        out["ratio"] = {k: round(v, 3) for k, v in spread(ratios).items()}
    if figure.wanted:
        out["wanted"] = figure.wanted
    return out


def namespace():
    """In a network namespace of our own, as root: nobody's traffic disturbs, devices
    can be made, and the loopback's congestion control is CUBIC. By its routes, as a
    namespace may not choose any default. What the kernel uses on the loopback."""
    if os.geteuid() != 0:
        with open("/proc/sys/net/ipv4/tcp_congestion_control") as f:
            return f.read().strip()
    if not os.environ.get("BENCH_INSIDE"):
        os.environ["BENCH_INSIDE"] = "1"
        os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.argv])
    sh("ip link set lo up")
    for dst in ("127.0.0.0/8", "127.0.0.1"):
        sh(f"ip route replace local {dst} dev lo table local proto kernel scope host "
           "src 127.0.0.1 congctl cubic")
    return "cubic"
