"""gVisor's system call tests (C++, googletest), as far as they are about sockets: the
same binaries on both sides. Nobody packages them: GVISOR names a folder of their built
programs. SPDX-License-Identifier: BSD-2-Clause"""

import os
import re

CHUNK = 40  # tests of one process
QUIET_S = 45  # without a word: its last test hangs (some wait for 30 seconds)
LIMIT_S = 1800
RESULTS = {"OK": "pass", "SKIPPED": "skip", "FAILED": "fail"}


def prepare(_folder):
    where = os.environ.get("GVISOR")
    if not where:
        return "GVISOR does not name a folder of gVisor's built socket tests"
    return "" if os.path.isdir(where) else f"there is no {where}"


def programs():
    where = os.environ["GVISOR"]
    for name in sorted(os.listdir(where)):
        path = os.path.join(where, name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            yield name, path


def tests(side, path):
    """Their full names, in the program's order."""
    _, said = side.run(path, "--gtest_list_tests", limit=60)
    names, group = [], ""
    for line in said.splitlines():
        word = line.split("#")[0].strip()
        if re.match(r"  \S", line):
            names.append(group + word)
        elif re.fullmatch(r"[\w/]+\.", word):
            group = word
    return [n for n in names if "DISABLED_" not in n]


def told(said):
    """(the result of each test that ended, the one that did not or None)."""
    results, running = {}, None
    for m in re.finditer(r"^\[ +(RUN|OK|FAILED|SKIPPED) +\] ([^ ,\n]+)", said, re.M):
        if m[1] == "RUN":
            running = m[2]
        elif m[2] == running:
            results[running] = RESULTS[m[1]]
            running = None
    return results, running


def chunk(side, path, wanted):
    """Runs those tests; a hanging or crashing one costs a process, not the others."""
    results, said = {}, ""
    while wanted:
        status, out = side.run(path, "--gtest_color=no",
                               "--gtest_filter=" + ":".join(wanted), limit=LIMIT_S,
                               quiet=QUIET_S)
        said += out
        ended, running = told(out)
        results.update(ended)
        if running:
            results[running] = "hangs" if status is None else f"ends with {status}"
        before, wanted = len(wanted), [t for t in wanted if t not in results]
        if len(wanted) == before:
            break
    return results, said


def run(side):
    results = {}
    only = os.environ.get("GVISOR_ONLY", "")
    for name, path in programs():
        every = [t for t in tests(side, path) if re.match(only, f"{name}:{t}")]
        with open(side.log(f"{name}.{side.kind}"), "w", encoding="utf-8") as log:
            for i in range(0, len(every), CHUNK):
                part, said = chunk(side, path, every[i:i + CHUNK])
                log.write(said)
                results.update({f"{name}:{t}": r for t, r in part.items()})
    return results
