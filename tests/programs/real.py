"""Programs that everybody knows, unmodified: on one host, or between two hosts
over a wire with delay and loss. SPDX-License-Identifier: BSD-2-Clause"""

import os
import random
import shutil
import signal
import subprocess
import sys

import tap
from enchufe import LIMIT_S, World, ends, eventually

PORT = 7100


class Real:
    """A world, and where its clients and servers run."""

    def __init__(self, world, hosts):
        self.w, self.hosts = world, hosts
        self.host = "server" if hosts else "localhost"
        if hosts:
            world.up()

    def _on(self, host, argv):
        where = ["--on", host] if self.hosts else []
        return ["run", *where, "--", *(str(a) for a in argv)]

    def need(self, *programs):
        for name in programs:
            if not shutil.which(name):
                raise tap.Skip(f"{name} is not installed")

    def server(self, *argv, **more):
        return self.w.start(*self._on("server", argv), **more)

    def client(self, *argv, **more):
        return self.w.start(*self._on("client", argv), **more)

    def call(self, *argv, side="client", data=None):
        done = subprocess.run([self.w.enchufe, *self._on(side, argv)], env=self.w.env,
                              input=data, capture_output=True, timeout=2 * LIMIT_S,
                              cwd=self.w.folder)
        return done.returncode, done.stdout, done.stderr

    def python(self, code, *args):
        return [self.w.python, "-u", "-c", code, *args]

    def answers(self, port):
        probe = ("import socket, sys\n"
                 "socket.create_connection((sys.argv[1], int(sys.argv[2])), 5).close()")
        eventually(lambda: self.call(*self.python(probe, self.host, port))[0] == 0,
                   f"a server on port {port}")

    def listens(self, name):
        """For servers that would take a probe for their client."""
        host = "server" if self.hosts else "default"
        eventually(lambda: any(s["state"] == "listen" for s in self.w.sockets(host)),
                   f"{name} listens")

    def file(self, name, size):
        path = self.w.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(random.Random(name).randbytes(size))
        return path


def same(a, b):
    return contents(a) == contents(b)


def contents(path):
    with open(path, "rb") as f:
        return f.read()


def children(pid):
    """The processes that it has started and that have not ended."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as f:
        return {int(n) for n in f.read().split()}


def stop(process, sig=signal.SIGTERM):
    process.send_signal(sig)
    return ends(process)


def main(both, on_one_host=()):
    """Runs the tests `both` on one host and between two, the others on one."""
    results = tap.Tap()
    for test in (*both, *on_one_host):
        for hosts in (False, True) if test in both else (False,):
            def run(one=test, h=hosts):
                with World(sys.argv[1]) as world:
                    one(Real(world, h))
            results.run(f"{test.__name__} {'between hosts' if hosts else 'on one host'}", run)
    results.done()
