"""TAP output for tests that are scripts. SPDX-License-Identifier: BSD-2-Clause"""

import os
import sys
import time
import traceback


class Skip(Exception):
    """Raised by a test that cannot run here; its text says why."""


class Tap:
    """Runs functions as tests, in order, and prints a line for each."""

    def __init__(self):
        self.count = 0
        self.failed = 0
        print("TAP version 13", flush=True)

    def diag(self, text):
        for line in str(text).splitlines():
            print("# " + line, flush=True)

    def result(self, name, passed, why=""):
        self.count += 1
        self.failed += not passed
        if why and not passed:
            self.diag(why)
        print(f"{'ok' if passed else 'not ok'} {self.count} - {name}", flush=True)

    def run(self, name, function, *args):
        """A test passes when it returns; AssertionError or any other fails it."""
        started = time.monotonic()
        try:
            function(*args)
        except Skip as skip:
            self.count += 1
            print(f"ok {self.count} - {name} # SKIP {skip}", flush=True)
            return
        except AssertionError as error:
            self.result(name, False, error)
            return
        except Exception:  # a broken test is a failed test; the others go on
            self.result(name, False, traceback.format_exc())
            return
        if os.environ.get("TAP_TIMES"):
            self.diag(f"{time.monotonic() - started:.2f} s")
        self.result(name, True)

    def done(self):
        print(f"1..{self.count}", flush=True)
        sys.exit(1 if self.failed else 0)
