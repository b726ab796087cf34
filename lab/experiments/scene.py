"""An experiment while it is played: the world with its programs, and what is said of
it. What is seen must be so, and must be the same on the kernel and on enchufe; what
is noted (seconds, counts that depend on the machine) is only told.
SPDX-License-Identifier: BSD-2-Clause"""

import os
import re
import sys

import segments
from world import World, until

HERE = os.path.dirname(os.path.abspath(__file__))
READ = re.compile(r"(?:leído|read) (\d+)")


class NotAsStated(AssertionError):
    """Something was seen that should not be; args[0]: a pair of languages."""


class Scene(World):
    """Each text is given in Spanish and in English."""

    def __init__(self, *args, capture=None, **more):
        super().__init__(*args, **more)
        self.facts, self.notes = [], []
        self.pictured = capture is not None  # a picture is wanted
        self.capture, self.watcher = capture, None

    def __enter__(self):
        super().__enter__()
        if self.capture:
            self.watch()
        return self

    # --- what is said -----------------------------------------------------------

    def sees(self, held, es, en):
        """Observed, and as it should be if `held`."""
        if not held:
            raise NotAsStated((f"no fue así: {es}", f"it was not so: {en}"))
        self.facts.append((es, en))

    def note(self, es, en):
        self.notes.append((es, en))

    def much(self, full, little):
        """How much of something: a picture of little says as much as one of a lot."""
        return little if self.pictured else full

    # --- what programs do -------------------------------------------------------

    def listening(self, *argv):
        """A server (argv without its port) that listens and does not accept yet."""
        server = self.start(argv[0], self.port, *argv[1:], "--paso")
        return server.at("bind").step().at("listen").step().at("accept")

    def served(self, program, *more):
        """A server that needs no steps, known to listen."""
        server = self.start(program, self.port, *more, "--paso")
        server.at("bind").step().at("listen").step()
        return server.go_on()

    def connects(self):
        return self.start("conecta", "127.0.0.1", self.port)

    def sends(self, size, *options):
        return self.start("emisor", "127.0.0.1", self.port, size, *options)

    def said(self, program, pattern, count=1):
        """Waits until its output matches so often; the matches."""
        def found():
            return re.findall(pattern, program.output.decode(errors="replace"))
        until(lambda: len(found()) >= count or program.process.poll() is not None,
              lambda: f"{program.argv[0]}: no {pattern!r} in {program.output!r}; "
                      f"{program.errors}")
        assert len(found()) >= count, (pattern, program.output, program.errors)
        return found()

    # --- what passes ------------------------------------------------------------

    def watch(self):
        """From here on what passes lo is written down."""
        if self.watcher:
            return
        if not self.capture:
            self.capture = os.path.join(self.files, "lo.pcap")
        self.watcher = self.start(os.path.realpath(sys.executable),
                                  os.path.join(HERE, "watch.py"), self.capture,
                                  held=True)
        self.wait_output(self.watcher, b"ready\n")

    def watched(self):
        """No more: what has passed is all in the file."""
        self.watcher.go_on()
        assert self.watcher.wait() == 0, self.watcher.errors

    def flows(self, count=0):
        """The conversations so far by the experiment's port; waits until there are
        so many, and both ends of each have said their last word."""
        self.watch()

        def ended():
            found = segments.flows(self.capture, self.port)
            return len(found) >= count and all(map(segments.ended, found))
        until(ended, lambda: f"no end of {count} conversations: {self.watcher.errors}")
        return segments.flows(self.capture, self.port)

    def passed(self, number, count, acknowledged=0):
        """Waits until so many segments with data for the port have passed in the
        conversation of this number, and so many bytes were acknowledged."""
        def seen():
            found = segments.flows(self.capture, self.port)
            return len(found) > number and \
                len(segments.with_data(found[number], self.port)) >= count and \
                segments.acknowledged(found[number], self.port) >= acknowledged
        until(seen, lambda: f"never {count} segments: {self.watcher.errors}")
