"""Networks for tests of whole programs: a run directory of one's own, the
command, and programs that are ended whatever happens.
SPDX-License-Identifier: BSD-2-Clause"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import tap

LIMIT_S = 120  # for anything, against hanging; not an assertion about speed

TWO_HOSTS = """network: two
seed: 11
hosts:
  client:
  server:
links:
  - name: wire
    between: [client, server]
    delay: 5ms
    loss: 0.5%
"""


class World:
    def __init__(self, build):
        self.folder = tempfile.mkdtemp(prefix="enchufe-test-")
        self.enchufe = os.path.join(build, "enchufe")
        self.env = dict(os.environ, ENCHUFE_RUNTIME_DIR=os.path.join(self.folder, "run"))
        # Not a wrapper script that would start processes of its own.
        self.python = os.path.realpath(sys.executable)
        self.programs = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for p in self.programs:
            if p.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(p.pid, signal.SIGKILL)
                p.wait()
        for net in self.status():
            os.kill(net["service_pid"], signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.path(name)

    def call(self, *args):
        """One command to its end."""
        return subprocess.run([self.enchufe, *args], env=self.env, capture_output=True,
                              text=True, timeout=LIMIT_S, cwd=self.folder)

    def start(self, *args, **more):
        """A command that goes on; standard output is a pipe, of text if not
        told otherwise."""
        more.setdefault("stdin", subprocess.DEVNULL)
        # A group of its own, so that its children end with it.
        more.setdefault("start_new_session", True)
        more.setdefault("text", True)
        p = subprocess.Popen([self.enchufe, *args], env=self.env,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             cwd=self.folder, **more)
        self.programs.append(p)
        return p

    def up(self, text=TWO_HOSTS):
        done = self.call("up", self.write("net.yaml", text))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python_on(self, host, code, *args, **more):
        where = ["--on", host] if host else []
        return self.start("run", *where, "--", self.python, "-u", "-c", code, *args,
                          **more)

    def status(self):
        return json.loads(self.call("status", "--json").stdout)

    def service_pid(self, net):
        return next(n["service_pid"] for n in self.status() if n["network"] == net)

    def sockets(self, host):
        return [s for n in self.status() for h in n["hosts"] if h["name"] == host
                for s in h["sockets"]]


def each_in_a_world(*tests):
    """Runs each test with a world of its own, on the build folder that is the program's
    argument, and tells the results; ends the program."""
    results = tap.Tap()
    for test in tests:
        def run(one=test):
            with World(sys.argv[1]) as world:
                one(world)
        results.run(test.__name__, run)
    results.done()


def eventually(condition, what):
    """Waits for a state that must come; returns what the condition said of it."""
    until = time.monotonic() + LIMIT_S
    while not (seen := condition()):
        assert time.monotonic() < until, f"never: {what}"
        time.sleep(0.02)
    return seen


def ends(process):
    """(exit status, output, errors) of a program that must end."""
    out, err = process.communicate(timeout=LIMIT_S)
    return process.returncode, out, err
