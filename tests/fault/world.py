"""Networks to break things in, and programs in them.
SPDX-License-Identifier: BSD-2-Clause"""

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT_S = 120  # for whatever must happen, against hanging

TWO_HOSTS = """network: fault
hosts:
  a: {}
  b: {}
links:
  - between: [a, b]
"""


class Program:
    """A started program whose output is read line by line."""

    def __init__(self, argv, env):
        self.argv = [str(a) for a in argv]
        self.err = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            self.argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=self.err, env=env, start_new_session=True)
        self.pid = self.process.pid
        self.buffer = b""

    def line(self, limit=LIMIT_S):
        """The next line that it prints; None at its end."""
        until = time.monotonic() + limit
        while b"\n" not in self.buffer:
            left = until - time.monotonic()
            ready = left > 0 and select.select([self.process.stdout], [], [], left)[0]
            assert ready, f"{self}: says nothing for {limit} s"
            more = os.read(self.process.stdout.fileno(), 65536)
            if not more:
                return None
            self.buffer += more
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.decode()

    def expect(self, text, limit=LIMIT_S):
        line = self.line(limit)
        assert line == text, f"{self}: {line!r} instead of {text!r}"

    def rest(self, limit=LIMIT_S):
        """All lines until it ends."""
        lines = []
        while (line := self.line(limit)) is not None:
            lines.append(line)
        self.wait(limit)
        return lines

    def wait(self, limit=LIMIT_S):
        try:
            return self.process.wait(limit)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self}: still there after {limit} s") from None

    def kill(self, sig=signal.SIGKILL):
        os.kill(self.pid, sig)

    def end(self):
        """It and whatever it left running in its session."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.process.stdout.close()
        self.err.close()

    def errors(self):
        size = os.fstat(self.err.fileno()).st_size
        return os.pread(self.err.fileno(), size, 0).decode(errors="replace")

    def __str__(self):
        return f"{' '.join(self.argv)[-200:]} ({self.errors()[-1000:]})"


class World:
    """A network of its own (or the kernel's, with build None) and what runs in
    it. Use as a context: at its end all is ended."""

    def __init__(self, build, text=TWO_HOSTS, name="fault"):
        self.build, self.text, self.name = build, text, name
        self.programs = []

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="fault.", dir="/tmp")
        self.env = dict(os.environ, ENCHUFE_RUNTIME_DIR=self.folder)
        if self.build:
            self.up()
        return self

    def __exit__(self, *unused):
        for p in self.programs:
            p.end()
        if self.build:
            self.command("down", self.name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self, *args):
        """`enchufe ARGS`: the finished process."""
        return subprocess.run(
            [os.path.join(self.build, "enchufe"), *args], env=self.env,
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=LIMIT_S, check=False)

    def up(self):
        path = os.path.join(self.folder, "net.yaml")
        with open(path, "w", encoding="ascii") as file:
            file.write(self.text)
        done = self.command("up", path)
        assert done.returncode == 0, f"up: {done.stderr}"
        self.service = self.service_pid()

    def service_pid(self):
        return self.status()["service_pid"]

    def status(self):
        done = self.command("status", "--json", "--net", self.name)
        assert done.returncode == 0, f"status: {done.stderr}"
        return json.loads(done.stdout)

    def start(self, host, *argv):
        """A program on a host; on the kernel, without one."""
        on = [os.path.join(self.build, "enchufe"), "run", "--net", self.name,
              "--on", host, "--"] if self.build and host else []
        p = Program([*on, *argv], self.env)
        self.programs.append(p)
        return p

    def actor(self, host, role, call, to, port):
        return self.start(host, sys.executable, os.path.join(HERE, "actor.py"),
                          role, call, to, port)

    def forget(self):
        """Ends the programs of one test."""
        for p in self.programs:
            p.end()
        self.programs.clear()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def until(what, condition, limit=LIMIT_S):
    """Waits for a condition, an assertion after the limit."""
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, f"{what}: not within {limit} s"
        time.sleep(0.02)
