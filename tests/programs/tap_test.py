#!/usr/bin/env python3
"""A host of ours on a TAP device talks to the Linux kernel.

Runs in a network namespace of its own (root, or user namespaces): the kernel's
curl fetches from a server on enchufe and the reverse, over IPv4 and IPv6, and
the checksums are compared; the kernel's ping answers to us and we to it.

	tap_test.py BUILD_DIR [MEGABYTES]

SPDX-License-Identifier: BSD-2-Clause
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

NETFILE = """network: taptest
hosts:
  box: {}
links:
  - name: out
    tap:
      host: box
      device: ench0
      addresses: [192.168.77.2/24, "fd77::2/64"]
"""
OURS = {"4": "192.168.77.2", "6": "[fd77::2]"}
KERNEL = {"4": "192.168.77.1", "6": "[fd77::1]"}
WAIT_S = 120
CURL = ["curl", "-sS", "--fail", "--max-time", "240"]


class Tap:
    """TAP-format results (the other kind of tap)."""

    def __init__(self):
        self.n = self.failed = 0

    def check(self, name, ok, detail=""):
        self.n += 1
        self.failed += not ok
        print(f"{'ok' if ok else 'not ok'} {self.n} - {name}", flush=True)
        if not ok and detail:
            print("# " + str(detail).replace("\n", "\n# "), flush=True)

    def end(self):
        print(f"1..{self.n}")
        sys.exit(self.failed != 0)


def skip_all(why):
    print(f"TAP version 13\n1..0 # SKIP {why}")
    sys.exit(0)


def enter_namespace():
    """Run this script again inside a new network namespace."""
    if os.environ.get("TAP_TEST_INSIDE"):
        return
    if not shutil.which("unshare") or not shutil.which("ip"):
        skip_all("unshare or ip is not installed")
    flags = ["--net"] if os.geteuid() == 0 else ["--net", "--map-root-user"]
    if subprocess.run(["unshare", *flags, "true"], capture_output=True).returncode:
        skip_all("no right to make a network namespace")
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        skip_all("no /dev/net/tun")
    os.environ["TAP_TEST_INSIDE"] = "1"
    os.execvp("unshare", ["unshare", *flags, sys.executable, *sys.argv])


def sha256(path):
    h = hashlib.sha256()
    with open(path, "rb") as f:
        for block in iter(lambda: f.read(1 << 20), b""):
            h.update(block)
    return h.hexdigest()


class Bed:
    """The namespace's side, our network, and a web server on each."""

    def __init__(self, build, megabytes):
        self.dir = tempfile.mkdtemp(prefix="enchufe-tap-")
        self.enchufe = os.path.join(os.path.abspath(build), "enchufe")
        self.env = {**os.environ, "ENCHUFE_RUNTIME_DIR": os.path.join(self.dir, "run")}
        self.servers = []
        os.makedirs(os.path.join(self.dir, "www"))
        self.file = os.path.join(self.dir, "www", "big")
        with open(self.file, "wb") as f:
            for _ in range(megabytes):
                f.write(os.urandom(1 << 20))
        self.sum = sha256(self.file)

    def ours(self, *cmd):
        return [self.enchufe, "run", "--net", "taptest", "--on", "box", "--", *cmd]

    def up(self):
        netfile = os.path.join(self.dir, "net.yaml")
        with open(netfile, "w") as f:
            f.write(NETFILE)
        r = subprocess.run([self.enchufe, "up", netfile], env=self.env,
                           capture_output=True, text=True, timeout=30)
        if r.returncode:
            return r.stderr or r.stdout
        for cmd in ("ip link set lo up", "ip link set ench0 up",
                    "ip addr add 192.168.77.1/24 dev ench0",
                    "ip addr add fd77::1/64 dev ench0 nodad"):
            subprocess.run(cmd.split(), check=True)
        return ""

    def serve(self, prefix):
        cmd = [sys.executable, "-m", "http.server", "--bind", "::", "8000",
               "--directory", os.path.dirname(self.file)]
        log = open(os.path.join(self.dir, "server.log"), "ab")
        self.servers.append(subprocess.Popen(
            [*prefix, *cmd], env=self.env, stdout=log, stderr=log,
            start_new_session=True))

    def wait_for(self, prefix, url):
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            if self.run(prefix, [*CURL, "--max-time", "30", "-o", "/dev/null", "-I",
                                 url]).returncode == 0:
                return True
            time.sleep(0.1)
        return False

    def run(self, prefix, cmd):
        return subprocess.run([*prefix, *cmd], env=self.env, capture_output=True,
                              text=True, timeout=300)

    def down(self):
        for p in self.servers:
            os.killpg(p.pid, signal.SIGTERM)
            p.wait()
        subprocess.run([self.enchufe, "down", "taptest"], env=self.env,
                       capture_output=True, timeout=30)
        shutil.rmtree(self.dir, ignore_errors=True)


def fetch(bed, tap, name, prefix, host):
    out = os.path.join(bed.dir, "got")
    start = time.monotonic()
    r = bed.run(prefix, [*CURL, "-o", out, f"http://{host}:8000/big"])
    took = time.monotonic() - start
    ok = r.returncode == 0 and sha256(out) == bed.sum
    tap.check(name, ok, r.stderr)
    print(f"# {os.path.getsize(bed.file) / took / 1e6:.0f} MB/s", flush=True)


def main():
    enter_namespace()
    build = sys.argv[1]
    bed = Bed(build, int(sys.argv[2]) if len(sys.argv) > 2 else 100)
    tap = Tap()
    print("TAP version 13")
    try:
        problem = bed.up()
        tap.check("a host comes up on a TAP device", problem == "", problem)
        if problem:
            tap.end()
        bed.serve(bed.ours())
        bed.serve([])
        tap.check("the server on enchufe answers the kernel's curl",
                  bed.wait_for([], f"http://{OURS['4']}:8000/"))
        tap.check("the kernel's server answers curl on enchufe",
                  bed.wait_for(bed.ours(), f"http://{KERNEL['4']}:8000/"))
        for v in "46":
            fetch(bed, tap, f"kernel fetches from enchufe over IPv{v}", [], OURS[v])
            fetch(bed, tap, f"enchufe fetches from the kernel over IPv{v}",
                  bed.ours(), KERNEL[v])
            r = bed.run([], ["ping", "-" + v, "-c", "3", "-i", "0.2", "-W", "60",
                             OURS[v].strip("[]")])
            tap.check(f"we answer the kernel's ping over IPv{v}",
                      r.returncode == 0 and "3 received" in r.stdout,
                      r.stdout + r.stderr)
            r = bed.run([], ["ping", "-" + v, "-c", "3", "-i", "0.2", "-W", "60",
                             "-s", "20000", OURS[v].strip("[]")])
            tap.check(f"also one in fragments, over IPv{v}",
                      r.returncode == 0 and "3 received" in r.stdout,
                      r.stdout + r.stderr)
            r = bed.run([bed.enchufe], ["ping", "--net", "taptest", "--on", "box",
                                        "-c", "3", "-i", "0.2",
                                        KERNEL[v].strip("[]")])
            tap.check(f"the kernel answers our ping over IPv{v}",
                      r.returncode == 0, r.stdout + r.stderr)
    finally:
        bed.down()
    tap.end()


if __name__ == "__main__":
    main()
