#!/usr/bin/env python3
"""docs/interface.md names tests that are there, and leaves out no call that the shim stands in
for, no option and no flag: each has a test that speaks of it. usage: interface_test.py ROOT
COMPILER... SPDX-License-Identifier: BSD-2-Clause"""

import pathlib
import re
import subprocess
import sys

import tap

ROOT = pathlib.Path(sys.argv[1])
PARITY = ROOT / "tests/parity"
PAGE = (ROOT / "docs/interface.md").read_text()
# Of the shim's, what is another name of a call that is there, and libc's own.
OTHER_NAMES = {"__sigaction", "shim_syscall", "fopen", "fstatat64", "getrlimit64", "mmap64",
               "prlimit64", "setrlimit64", "stat64"}
# Those of the kernel's own, and the last of them all.
NO_FLAGS = {"MSG_SPLICE_PAGES", "MSG_SENDPAGE_NOTLAST", "MSG_TRYHARD"}


def section(title):
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(title):
    """The cells of the tables of a section, without their heads."""
    for line in section(title).splitlines():
        cells = [c.strip() for c in line.strip().strip("|").split(" | ")]
        if line.startswith("|") and not cells[0].startswith("---") and \
                cells[-1] not in ("tests", "by"):
            yield cells


def sources(cell):
    """Path and text of the tests that a cell names."""
    for name in re.findall(r"`([a-z]+/\w+)`", cell):
        path = PARITY / (name + ".c")
        text = path.read_text()
        folder = PARITY / name.split("/")[0]
        for header in re.findall(r'#include "(\w+\.h)"', text):
            if (folder / header).exists():
                text += (folder / header).read_text()
        yield path, text
    for name in re.findall(r"(?<![\w/])(tests/[\w/.]+\.\w+)", cell):
        yield ROOT / name, (ROOT / name).read_text()


def said(word, cell):
    """Does each of these tests, or one of them, speak of it?"""
    word = re.sub(r"_(OLD|NEW)$", "", word)
    return any(re.search(rf"\b{re.escape(word)}\b", text) for _, text in sources(cell))


def programs_exist():
    names = set(re.findall(r"`([a-z]+/\w+)`", PAGE))
    assert len(names) > 200, "the names were not found"
    missing = []
    for name in sorted(names):
        area, program = name.split("/")
        listed = (PARITY / area / "meson.build").read_text()
        if not (PARITY / (name + ".c")).exists() or f"'{program}'," not in listed:
            missing.append(name)
    assert not missing, f"named, but not there: {missing}"


def paths_exist():
    paths = set(re.findall(r"(?<![\w/])(tests/[\w/.]+\.\w+)", PAGE))
    missing = [p for p in sorted(paths) if not (ROOT / p).exists()]
    assert not missing, f"named, but not there: {missing}"
    for path, name in re.findall(r"`(tests/[\w/.]+): (\w+)`", PAGE):
        assert re.search(rf"^def {name}\(", (ROOT / path).read_text(), re.M), f"{path}: {name}"


def each_row_is_shown():
    titles = re.findall(r"^## (.+)$", PAGE, re.M)
    bare = [row[0] for t in titles for row in rows(t) if not re.search(r"`|tests/", row[-1])]
    assert not bare, f"nothing shows {bare}"


def calls_are_shown():
    table = {name: row[-1] for row in rows("Calls") for name in re.findall(r"`(\w+)`", row[0])}
    shim = "".join(p.read_text() for p in sorted((ROOT / "src/shim").glob("*.c")))
    calls = set(re.findall(r"^EXPORT [^(;]*?(\w+)\(", shim, re.M)) - OTHER_NAMES
    assert len(calls) > 80, "the shim's calls were not found"
    assert not calls - set(table), f"no row for {sorted(calls - set(table))}"
    silent = [name for name, cell in table.items() if not said(name, cell)]
    assert not silent, f"no test that is named calls {silent}"


# Of which there is no test yet.
NOT_YET = {("IPPROTO_IP", "IP_RECVFRAGSIZE"), ("IPPROTO_IPV6", "IPV6_RECVFRAGSIZE")}


def options_are_shown():
    page = (ROOT / "docs/options.md").read_text()
    wanted = set(re.findall(r"^\| (SOL_\w+|IPPROTO_\w+) \| (\w+) \|", page, re.M))
    wanted -= NOT_YET
    table = {(row[0], name): row[-1] for row in rows("Options") for name in row[1].split()}
    assert len(wanted) > 200, "the options were not found"
    missing, gone = sorted(wanted - set(table)), sorted(set(table) - wanted)
    assert not missing, f"no row for {missing}"
    assert not gone, f"no option in docs/options.md: {gone}"
    silent = [name for (_, name), cell in table.items() if not said(name, cell)]
    assert not silent, f"no test that is named speaks of {silent}"


def words_are_shown(title):
    table = {w: row[-1] for row in rows(title) for w in row[0].split()}
    silent = [word for word, cell in table.items() if not said(word, cell)]
    assert not silent, f"no test that is named speaks of {silent}"
    return set(table)


def flags_are_shown():
    done = subprocess.run([*sys.argv[2:], "-E", "-dM", "-x", "c", "-"], check=True, text=True,
                          input="#include <sys/socket.h>\n", capture_output=True)
    flags = set(re.findall(r"^#define (MSG_\w+) ", done.stdout, re.M)) - NO_FLAGS
    assert len(flags) > 15, "the flags were not found"
    missing = sorted(flags - words_are_shown("Flags"))
    assert not missing, f"no row for {missing}"


def requests_are_shown():
    words_are_shown("Requests of ioctl and fcntl")


def rules_are_shown():
    text = (ROOT / "src/service/netfile_host.c").read_text()
    rules = set(re.findall(r'RULE\("([\w.]+)"', text))
    assert len(rules) > 10, "the rules were not found"
    assert rules == words_are_shown("Rules of the network file"), "not the same rules"


def main():
    t = tap.Tap()
    t.run("the programs that are named are there", programs_exist)
    t.run("the other tests that are named are there", paths_exist)
    t.run("each row has a test", each_row_is_shown)
    t.run("each call that the shim stands in for", calls_are_shown)
    t.run("each option", options_are_shown)
    t.run("each flag", flags_are_shown)
    t.run("each request", requests_are_shown)
    t.run("each rule of the network file", rules_are_shown)
    t.done()


main()
