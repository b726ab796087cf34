"""Runs one of CPython's test modules, inside of the place where it is tested.

	inside.py MODULE LOG [TEST ...]

Tells the start and the result of each test as a line of JSON; leaves out the tests
named. SPDX-License-Identifier: BSD-2-Clause"""

import faulthandler
import gc
import json
import os
import re
import sys
import tempfile
import unittest

from test import support

LIMIT_S = 60  # for a test
# AF_VSOCK hangs on the kernel already.
LEFT_OUT = re.compile("VSOCK|Vsock")
# Of large modules, what is about sockets.
ONLY = {
    "test_multiprocessing_fork": "Connection|Listener|TestWait|OtherTest|Socket|"
    "TestAddressType|Manager",
    "test_multiprocessing_spawn": "Connection|Listener|TestWait|OtherTest|Socket|"
    "TestAddressType",
    "test_os": "sendfile|Sendfile|TestSendfile|eventfd|Splice|splice|pipe",
    "test_logging": "Socket|Datagram|SysLog|HTTPHandler|SMTP|Datagram|Config.*listen",
}


class Told(unittest.TestResult):
    """Each test's result goes to the log at once."""

    def __init__(self, log):
        super().__init__()
        self.log = log
        self.bad = None

    def tell(self, test, result):
        self.log.write(json.dumps({"test": test.id(), "result": result}) + "\n")
        self.log.flush()

    def startTest(self, test):
        super().startTest(test)
        self.bad = None
        faulthandler.dump_traceback_later(LIMIT_S, exit=True)
        self.tell(test, "start")

    def stopTest(self, test):
        super().stopTest(test)
        faulthandler.cancel_dump_traceback_later()
        self.tell(test, self.bad or "pass")

    def note(self, test, result, why):
        self.bad = result
        if result == "fail":
            print(test.id(), why, file=sys.stderr)
        if not isinstance(test, unittest.TestCase):  # of a class or module
            self.tell(test, result)

    def addError(self, test, err):
        super().addError(test, err)
        self.note(test, "fail", self.errors[-1][1])

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.note(test, "fail", self.failures[-1][1])

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err:
            self.note(test, "fail", str(err[1]))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.note(test, "skip", reason)

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.bad = "skip"


def flat(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from flat(item)
        else:
            yield item


def main():
    module, log, *done = sys.argv[1:]
    only = re.compile(ONLY.get(module, ""))
    support.use_resources = ["network", "cpu", "walltime"]
    os.chdir(tempfile.mkdtemp())
    suite = unittest.defaultTestLoader.loadTestsFromName("test." + module)
    wanted = [t for t in flat(suite) if t.id() not in done and
              only.search(t.id()) and not LEFT_OUT.search(t.id())]
    suite = unittest.TestSuite(wanted)
    del wanted  # each is let go when it has run
    gc.freeze()  # some tests collect a hundred times
    with open(log, "a", encoding="utf-8") as f:
        suite.run(Told(f))
    sys.stdout.flush()
    os._exit(0)  # threads that a failed test has left do not matter


if __name__ == "__main__":
    main()
