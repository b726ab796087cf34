"""Node's own tests of streams and datagrams, from Debian's source package, by the node
that is installed. A test is a program that ends well.
SPDX-License-Identifier: BSD-2-Clause"""

import os
import re
import shutil

import source

FOLDERS = ("parallel", "sequential")
WANTED = re.compile(r"test-(net|dgram)-.*\.js")
LIMIT_S = 120
STATE = {}


def prepare(folder):
    if not shutil.which("node"):
        return "node is not installed"
    STATE["source"], why = source.fetch(folder, "nodejs")
    return why


def tests():
    for folder in FOLDERS:
        where = os.path.join(STATE["source"], "test", folder)
        for name in sorted(os.listdir(where)):
            if WANTED.fullmatch(name):
                yield f"{folder}/{name}", os.path.join(where, name)


def flags(path):
    """What its first lines ask for."""
    with open(path, encoding="utf-8") as f:
        m = re.search(r"^// Flags: (.*)$", f.read(), re.M)
    return m[1].split() if m else []


def run(side):
    results = {}
    only = os.environ.get("NODE_ONLY", "")
    for name, path in tests():
        if not re.match(only, name):
            continue
        status, said = side.run("node", *flags(path), path, limit=LIMIT_S)
        results[name] = "hangs" if status is None else "fail" if status else \
            "skip" if "1..0 # Skipped" in said else "pass"
        if results[name] not in ("pass", "skip"):
            log = side.log(f"{name.replace('/', '.')}.{side.kind}")
            with open(log, "w", encoding="utf-8") as f:
                f.write(said)
    return results
