"""Where programs are played: on the kernel, or on enchufe. A scenario starts
programs in its world and tells what it saw; what it tells must be the same in
both. SPDX-License-Identifier: BSD-2-Clause"""

import ctypes
import hashlib
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time

LIMIT_S = 120  # for one program, against hanging
RECORDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "librecorder.so")
STEP = r": (?:paso|step): (\w+)"  # what --paso says
PR_SET_PDEATHSIG = 1  # linux/prctl.h

_libc = ctypes.CDLL(None)


# A name of the Unix domain is gone for a moment when a server takes it over.
NOT_YET_THERE = ("Connection refused", "No such file or directory")


def until(condition, what):
    """Waits for a state that must come; what: a function that tells of it."""
    last = time.monotonic() + LIMIT_S
    pause = 0.001
    while not condition():
        assert time.monotonic() < last, what()
        time.sleep(pause)
        pause = min(pause * 1.5, 0.02)


class Call:
    """One that a program was let make; took: s, or None if it was not seen to end."""

    def __init__(self, now, program, name):
        self.time, self.program, self.name, self.took = now, program, name, None

    def returned(self):
        """Has it returned, whether or not we know when?"""
        status = self.program.process.poll()
        later = len(re.findall(STEP, self.program.errors)) > self.program.steps
        return self.took is not None or later or (status is not None and status >= 0)


class Program:
    """A started program, its output going to files. held: its standard input stays
    open until it is told to go on, as that of one with --paso."""

    def __init__(self, world, argv, held=False):
        self.world, self.argv = world, argv
        self.steps = 0  # how many it has been seen at
        self.next = None  # the call that it was seen at last
        self.made = None  # the last call that it was let make
        self.trace = world.trace_of(argv)  # where its calls are told when it has ended
        held = held or "--paso" in argv
        self.out = tempfile.TemporaryFile()
        self.err = tempfile.TemporaryFile()
        # Its own session, so that its children can be ended with it.
        self.process = subprocess.Popen(
            world.command(argv, self.trace), stdout=self.out, stderr=self.err,
            env=world.env_of(self.trace),
            stdin=subprocess.PIPE if held else subprocess.DEVNULL, bufsize=0,
            start_new_session=True, preexec_fn=self._begin)
        world.programs.append(self)

    def _begin(self):
        """The new process, before it is the program: in its place, and not to
        outlive us, however we end."""
        if self.world.enter:
            self.world.enter()
        _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))

    def wait(self, limit=LIMIT_S):
        """Its exit status: negative a signal, as subprocess has it."""
        if not self._ends(limit):
            self.end()
            raise AssertionError(f"{' '.join(self.argv)}: still running after "
                                 f"{limit} s; stderr: {self.errors}")
        return self.process.wait()

    def _ends(self, limit):
        """Waits for its end, which is told at once: subprocess looks now and then."""
        if self.process.poll() is not None:
            return True
        end = os.pidfd_open(self.process.pid)
        try:
            poll = select.poll()
            poll.register(end, select.POLLIN)
            return bool(poll.poll(limit * 1000))
        finally:
            os.close(end)

    def at(self, call):
        """With --paso: waits until this call comes next."""
        def steps():
            return re.findall(STEP, self.errors)
        until(lambda: len(steps()) > self.steps or self.process.poll() is not None,
              lambda: f"{self.argv[0]} never comes to {call}: {self.errors}")
        assert steps()[self.steps:self.steps + 1] == [call], (call, self.errors)
        self.steps += 1
        self.next = call
        if self.made:  # it has returned, as the next one was told of
            self.made.took = max(0.0, self._told() - self.made.time)
        return self

    def _told(self):
        """When it said its last word, by the file's clock."""
        return os.fstat(self.err.fileno()).st_mtime_ns / 1e9

    def step(self):
        """Lets it make the call it was seen at."""
        self._call()
        self.process.stdin.write(b"\n")
        return self

    def _call(self):
        if self.next:
            self.made = Call(time.time(), self, self.next)
            self.world.calls.append(self.made)
        self.next = None

    def go_on(self):
        """No more steps."""
        self._call()
        self.process.stdin.close()
        return self

    def end(self, sig=signal.SIGTERM):
        """Ends it and whatever it left running in its session."""
        if self._is_run() and sig == signal.SIGKILL:
            self._kill_traced()
        else:
            self._signal_all(sig)
        # What is written at its end would be lost with a run that is killed.
        if not self._ends(60 if self._is_run() else 5):
            self._signal_all(signal.SIGKILL)
        self.process.wait()
        if self._is_run() and sig == signal.SIGKILL:
            self._signal_all(sig)
        if self.process.stdin:
            self.process.stdin.close()

    def _is_run(self):
        """By enchufe run, which tells its calls when it has ended."""
        return self.trace and self.world.prefix

    def _signal_all(self, sig):
        try:
            os.killpg(self.process.pid, sig)
        except ProcessLookupError:
            pass

    def _kill_traced(self):
        """The program alone: enchufe run, which began it, has yet to tell its calls."""
        pid = self.process.pid
        try:
            with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
                found = [int(word) for word in file.read().split()]
            for child in found:
                if os.getpgid(child) == pid:  # not the service
                    os.kill(child, signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError):
            pass  # it has ended

    @staticmethod
    def _text(file):
        # pread: the program shares the file's position.
        return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0)

    @property
    def output(self):
        return self._text(self.out)

    @property
    def errors(self):
        return self._text(self.err).decode(errors="replace")


class World:
    """One run of one scenario. Use as a context: at its end all is ended. prefix:
    before each program's words; enter: what each new process does first, if not
    None; traces: how the names begin of the files that tell the calls of the
    laboratory's programs, if wanted: by enchufe run, if that is the prefix, else by a
    recorder that is preloaded."""

    def __init__(self, name, prefix, lab, port, files, env, enter=None, traces=None):
        self.name, self.prefix, self.lab, self.port = name, prefix, lab, port
        self.files, self.env, self.enter = files, env, enter
        self.traces = traces
        self.transcript = []
        self.programs = []
        self.calls = []  # what programs were let do

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        for program in reversed(self.programs):
            program.end()
            program.out.close()
            program.err.close()

    def command(self, argv, trace=None):
        mine = os.path.join(self.lab, argv[0])
        tracing = ["--trace", trace] if trace and self.prefix else []
        return [*self.prefix[:2], *tracing, *self.prefix[2:],
                mine if os.path.exists(mine) else argv[0], *argv[1:]]

    def env_of(self, trace):
        if not trace or self.prefix:
            return self.env
        return dict(self.env, LD_PRELOAD=RECORDER, LAB_RECORD=trace)

    def trace_of(self, argv):
        """The file for the calls of the program that is started now; None: no trace."""
        if not self.traces or not os.path.exists(os.path.join(self.lab, argv[0])) or \
                not (self.prefix or os.path.exists(RECORDER)):
            return None
        return f"{self.traces}.{len(self.programs)}"

    def file(self, name, content):
        """A file with that content; its path."""
        path = os.path.join(self.files, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def start(self, *argv, held=False):
        return Program(self, [str(a) for a in argv], held)

    def client(self, *argv):
        """Runs a program to its end, again while its server is not yet there;
        so no probe need connect, which some servers would print."""
        last = time.monotonic() + LIMIT_S
        while True:
            program = self.start(*argv)
            status = program.wait()
            if status == 0 or time.monotonic() > last or \
                    not any(text in program.errors for text in NOT_YET_THERE):
                return program
            time.sleep(0.05)

    def wait_output(self, program, text):
        """Until the program has printed it."""
        def told():
            return f"{program.argv[0]}: no {text!r} in {program.output!r}; " \
                f"stderr: {program.errors}"
        # Asked in this order: what it has said last was said before its end.
        until(lambda: text in program.output or program.process.poll() is not None,
              told)
        assert text in program.output, told()

    def wait_errors(self, program, text):
        """Until the program has complained of it."""
        until(lambda: text in program.errors or program.process.poll() is not None,
              lambda: f"{program.argv[0]}: no {text!r} in {program.errors!r}")
        assert text in program.errors, program.errors

    def tell(self, what):
        """Adds a line, or a program's output, to what must be the same."""
        if isinstance(what, Program):
            self.transcript.append(f"{what.argv[0]}: status {what.process.poll()}")
            what = what.output
        if isinstance(what, bytes) and len(what) > 2000:
            what = f"{len(what)} bytes {hashlib.sha256(what).hexdigest()}"
        elif isinstance(what, bytes):
            what = what.decode(errors="backslashreplace")
        what = what.replace(str(self.port), "PORT")
        # A client's own port is whatever was free.
        what = re.sub(r"(:|Puerto:)\d{4,5}\b", r"\1ANY", what)
        self.transcript += what.splitlines() or [""]

    def report(self):
        """What became of each program, for whoever reads of a failure."""
        return "\n".join(
            f"  {' '.join(p.argv)[:120]}: status {p.process.poll()}, "
            f"{len(p.output)} bytes out, stderr: {p.errors[-400:]!r}"
            for p in self.programs)


def free_port():
    """A port that is free now for both protocols and both families."""
    while True:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            port = tcp.getsockname()[1]
            try:
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def kernel_has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as s:
            s.bind(("::1", 0))
        return True
    except OSError:
        return False


class Folder:
    """A temporary folder for one scenario, short enough for socket names."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="par.", dir="/tmp")
        return self.path

    def __exit__(self, *unused):
        shutil.rmtree(self.path, ignore_errors=True)
