"""Where a parity program runs: on the kernel, or on enchufe; each time in a place
of its own. SPDX-License-Identifier: BSD-2-Clause"""

import ctypes
import fcntl
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading

LIMIT_S = 180  # against hanging; a program ends within some two seconds

CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
LIBC = ctypes.CDLL(None, use_errno=True)


class Outcome:
    """What a program printed, and how it ended."""

    def __init__(self, status, out, err):
        self.status = status
        self.out = out.decode(errors="backslashreplace").splitlines()
        self.errors = err.decode(errors="backslashreplace").splitlines()
        self.lines = self.out + [f"[{status}]"]

    def __str__(self):
        return "\n".join([self.status, *("    " + l for l in self.out),
                          *("  ! " + l for l in self.errors)])


def status_text(code):
    if code >= 0:
        return f"exit {code}"
    return f"killed by {signal.Signals(-code).name}"


def run(command, env, before=None):
    # A session of its own, to end what it leaves behind.
    with subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          start_new_session=True, preexec_fn=before) as program:
        try:
            out, err = program.communicate(timeout=LIMIT_S)
            status = status_text(program.returncode)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            out, err = program.communicate()
            status = f"not at its end after {LIMIT_S} s"
        try:
            os.killpg(program.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return Outcome(status, out, err)


def alone():
    """In the child: its own network namespace, with lo up. Not as an ordinary
    user, who has to share the machine's."""
    if LIBC.unshare(CLONE_NEWNET) < 0:
        return
    with socket.socket(type=socket.SOCK_DGRAM) as s:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(s, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


class Kernel:
    @staticmethod
    def run(program):
        env = dict(os.environ)
        return run([program], env, alone if os.geteuid() == 0 else None)


class Stutter:
    """A service that stands still for so many milliseconds, works for one, and so on:
    a program that looks at once at what comes of a call finds nothing yet."""

    def __init__(self, pid, still_ms):
        self.pid = pid
        self.still_s = still_ms / 1000
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        while not self.over.is_set():
            os.kill(self.pid, signal.SIGSTOP)
            self.over.wait(self.still_s)
            os.kill(self.pid, signal.SIGCONT)
            self.over.wait(0.001)

    def __enter__(self):
        if self.still_s:
            self.thread.start()

    def __exit__(self, *_):
        self.over.set()
        if self.still_s:
            self.thread.join()


class Enchufe:
    """A network for each run."""

    def __init__(self, build, net, still_ms=0):
        self.enchufe = os.path.join(build, "enchufe")
        self.net = net
        self.still_ms = still_ms

    def command(self, env, *args):
        return subprocess.run([self.enchufe, *args], env=env, check=False, text=True,
                              capture_output=True, timeout=LIMIT_S)

    def run(self, program):
        folder = tempfile.mkdtemp(prefix="par.", dir="/tmp")  # short: socket names
        env = dict(os.environ, ENCHUFE_RUNTIME_DIR=folder)
        try:
            up = self.command(env, "up", self.net)
            assert up.returncode == 0, f"no network: {up.stderr}"
            # Without --on it would be the default network's host.
            net = json.loads(self.command(env, "status", "--json").stdout)[0]
            host = net["hosts"][0]["name"]
            with Stutter(net["service_pid"], self.still_ms):
                outcome = run([self.enchufe, "run", "--on", host, "--", program], env)
            down = self.command(env, "down")
            # Its service must have lived to the end.
            assert down.returncode == 0, f"{outcome}\nenchufe down: {down.stderr}" + \
                self.log(folder)
            return outcome
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @staticmethod
    def log(folder):
        said = ""
        for name in sorted(os.listdir(folder)):
            if name.endswith(".log"):
                with open(os.path.join(folder, name), errors="replace",
                          encoding="utf-8") as file:
                    said += file.read()[-2000:]
        return said
