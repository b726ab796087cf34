"""Where a suite runs: on the kernel or on enchufe.
SPDX-License-Identifier: BSD-2-Clause"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..",
                                "parity"))
from places import alone  # noqa: E402


class Side:
    """A place to run commands in, with a folder for what they write."""

    def __init__(self, kind, build):
        self.kind, self.build = kind, build
        self.folder = tempfile.mkdtemp(prefix="suite.", dir="/tmp")
        self.runs = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def log(self, name):
        """What is kept: beside the results."""
        folder = os.path.join(self.build, "suites", "logs")
        os.makedirs(folder, exist_ok=True)
        return os.path.join(folder, name)

    def awaited(self, program, limit, quiet):
        """Its exit status, or None."""
        end, size, said = time.monotonic() + limit, 0, time.monotonic()
        while time.monotonic() < end:
            try:
                return program.wait(timeout=1 if quiet else limit)
            except subprocess.TimeoutExpired:
                now = os.path.getsize(self.path("output"))
            if now != size:
                size, said = now, time.monotonic()
            elif quiet and time.monotonic() > said + quiet:
                break
        return None

    def run(self, *command, limit=60, quiet=None, cwd=None, **env):
        """(exit status or None when it had to be ended, output and errors). It is
        ended after so many seconds, or when it has said nothing for `quiet`."""
        # A network for each: service and programs share a namespace.
        self.runs += 1
        env = {**os.environ, **env, "ENCHUFE_RUNTIME_DIR": self.path(f"run{self.runs}")}
        if self.kind == "enchufe":
            command = [os.path.join(self.build, "enchufe"), "run", "--", *command]
        with open(self.path("output"), "w+b") as out:
            before = alone if os.geteuid() == 0 else None
            with subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL,
                                  stdout=out, stderr=out, cwd=cwd or self.folder,
                                  start_new_session=True, preexec_fn=before) as p:
                status = self.awaited(p, limit, quiet)
                # Whatever it has left behind goes with it.
                try:
                    os.killpg(p.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            out.seek(0)
            return status, out.read().decode(errors="replace")
