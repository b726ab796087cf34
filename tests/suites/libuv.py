"""libuv's own tests, built from Debian's source package.
SPDX-License-Identifier: BSD-2-Clause"""

import os
import re

import source

STATE = {}


def prepare(folder):
    STATE["source"], why = source.built(
        folder, "libuv1", "test/.libs/run-tests", ["sh", "autogen.sh"], ["./configure"],
        ["make", "-j2"], ["make", "-j2", "check", "TESTS="])
    return why


def run(side):
    where = STATE["source"]
    _, out = side.run(os.path.join(where, "test/.libs/run-tests"), cwd=where, limit=1200,
                      LD_LIBRARY_PATH=os.path.join(where, ".libs"), UV_RUN_AS_ROOT="1",
                      UV_TEST_TIMEOUT_MULTIPLIER="5", RES_OPTIONS="attempts:0")
    results = {}
    for line in out.splitlines():
        m = re.match(r"(ok|not ok) \d+ - (\w+)( *# SKIP)?", line, re.I)
        if m:
            results[m[2]] = "skip" if m[3] else "pass" if m[1] == "ok" else "fail"
    return results
