"""What connections cost that do nothing: memory that was touched, and processor time,
of both programs and the service together, after a byte has gone each way.

SPDX-License-Identifier: BSD-2-Clause
"""

import os
import subprocess
import time

from pairs import Failed, Figure, Process, free_port

LOOK_S = 2
TICK = os.sysconf("SC_CLK_TCK")


def service_pid(bench):
    """Of the only service in the run directory."""
    wanted = os.environ["ENCHUFE_RUNTIME_DIR"].encode()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                cmd = f.read()
            with open(f"/proc/{pid}/environ", "rb") as f:
                env = f.read()
        except OSError:
            continue
        if cmd.split(b"\0")[0].endswith(b"enchufed") and wanted in env + cmd:
            return int(pid)
    raise Failed("no service found")


def touched(pids):
    """Bytes: what several map counts once."""
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/smaps_rollup") as f:
            total += sum(int(row.split()[1]) << 10 for row in f
                         if row.startswith("Pss:"))
    return total


def spent(pids):
    """Seconds of processor."""
    ticks = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat") as f:
            after = f.read().rsplit(")", 1)[1].split()
        ticks += int(after[11]) + int(after[12])
    return ticks / TICK


class Idle:
    """n connections that rest, until the block ends; .pids."""

    def __init__(self, bench, prefix, n):
        self.bench, self.n = bench, n
        port = free_port()
        self.hold = Process([*prefix, bench.netbench, "hold", port, str(n)],
                            stdout=subprocess.PIPE)
        self.idle = Process([*prefix, bench.netbench, "idle", "127.0.0.1", port,
                             str(n)], stdout=subprocess.PIPE)

    def __enter__(self):
        hold = self.hold.__enter__()
        try:
            if hold.stdout.readline() != "listening\n":
                raise Failed("no listener for the idle connections")
            idle = self.idle.__enter__()
            if self.n and (idle.stdout.readline() != "ready\n" or
                           hold.stdout.readline() != "ready\n"):
                raise Failed("the idle connections were not made")
        except BaseException:
            self.__exit__()
            raise
        self.pids = [hold.pid, idle.pid]
        if self.hold.cmd[0] == self.bench.enchufe:
            self.pids.append(service_pid(self.bench))
        return self

    def __exit__(self, *exc):
        if hasattr(self.idle, "proc"):
            self.idle.__exit__()
        self.hold.__exit__()


def memory(n):
    def take(bench, _side, prefix):
        with Idle(bench, prefix, 1) as one:
            base = touched(one.pids)
        with Idle(bench, prefix, n) as many:
            return (touched(many.pids) - base) / (n - 1)
    return take


def processor(n):
    def take(bench, _side, prefix):
        with Idle(bench, prefix, n) as many:
            time.sleep(0.5)
            before = spent(many.pids)
            time.sleep(LOOK_S)
            return 100 * (spent(many.pids) - before) / LOOK_S
    return take


FIGURES = [
    Figure("idle-memory", "bytes a connection", "less", memory(10000),
           sides=("enchufe",), title="An idle connection, at most 8,192 bytes"),
    Figure("idle-processor-1000", "% of a core", "less", processor(1000),
           sides=("enchufe",), title="1,000 idle connections, at most 0.1 %"),
    Figure("idle-processor-10000", "% of a core", "less", processor(10000),
           sides=("enchufe",), title="10,000 idle connections, at most 0.5 %"),
]
