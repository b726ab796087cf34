#!/usr/bin/env python3
"""Adds up the tests in logs of `meson test` (its .json): each line of a TAP
program is a test, any other program is one. The last line printed is
"N passed, N failed, N skipped"; the exit status is 1 if any failed. Before it come
the sums of what TAP programs count, a line of theirs "# count: N WHAT", and what
they show, "# shown: TEXT". Lines "# shown NAME: TEXT" of however many programs are one
table: the first is its heading, each other line is there once.

usage: summary.py [--brief] LOG.json|FOLDER...
       a missing log is a failure; so is each file of a folder, a report that a
       sanitizer left there; --brief leaves out what the failed tests said, and
       their counts
SPDX-License-Identifier: BSD-2-Clause"""

import json
import os
import re
import sys

SAID_MAX = 40  # lines of one program

PASSED, FAILED, SKIPPED = range(3)
RESULT = re.compile(r"^(not )?ok\b(?:[^#]|\\#)*(#\s*(?:SKIP|TODO))?", re.I)
COUNT = re.compile(r"^# count: (\d+) (.+)$", re.M)
SHOWN = re.compile(r"^# shown(?: (\w+))?: (.*)$", re.M)


def count(entry):
    """(passed, failed, skipped) of one program."""
    got = [0, 0, 0]
    result, output = entry["result"], entry.get("stdout") or ""
    if re.search(r"^1\.\.\d+", output, re.M) or output.startswith("TAP version"):
        for line in output.splitlines():
            found = RESULT.match(line)
            if found and found[2]:
                got[SKIPPED] += 1
            elif found:
                got[FAILED if found[1] else PASSED] += 1
        if result == "SKIP" and not any(got):
            got[SKIPPED] = 1  # "1..0 # SKIP why": all of it
    elif result == "OK":
        got[PASSED] = 1
    elif result == "SKIP":
        got[SKIPPED] = 1
    # A program that crashed, hung or broke its plan fails even when each of
    # the lines it got to print was good.
    if result not in ("OK", "SKIP", "EXPECTEDFAIL") and not got[FAILED]:
        got[FAILED] = 1
    return got


def said(entry):
    """The failed lines of a program, each with the diagnostics above it, and
    the end of its standard error."""
    lines, above = [], []
    for line in (entry.get("stdout") or "").splitlines():
        if line.startswith("not ok"):
            lines += above + [line]
        above = above + [line] if line.startswith("#") else []
    errors = (entry.get("stderr") or "").splitlines()
    return lines[:SAID_MAX] + errors[-SAID_MAX:]


def reports(folder, brief):
    """Prints a folder's reports, and gives their number."""
    names = sorted(os.listdir(folder))
    for name in names:
        print(f"FAILED {folder}: {name}")
        with open(os.path.join(folder, name), encoding="utf-8",
                  errors="replace") as file:
            lines = [] if brief else file.read().splitlines()[:SAID_MAX]
        print("".join(f"    {line}\n" for line in lines), end="")
    return len(names)


def tables(shown):
    """The lines to print, of pairs (name of a table or "", line)."""
    named = {}
    for name, line in shown:
        if name:
            named.setdefault(name, []).append(line)
    lines = [line for name, line in shown if not name]
    for head, *rows in named.values():
        lines += [head, *sorted(set(rows) - {head})]
    return lines


def main():
    arguments = sys.argv[1:]
    brief = "--brief" in arguments
    total = [0, 0, 0]
    counted, shown = {}, []
    for path in (a for a in arguments if a != "--brief"):
        if os.path.isdir(path):
            total[FAILED] += reports(path, brief)
            continue
        try:
            with open(path, encoding="utf-8") as log:
                entries = [json.loads(line) for line in log if line.strip()]
        except OSError as error:
            print(f"FAILED {path}: not run ({error.strerror})")
            total[FAILED] += 1
            continue
        for entry in entries:
            got = count(entry)
            total = [a + b for a, b in zip(total, got)]
            for number, what in COUNT.findall(entry.get("stdout") or ""):
                counted[what] = counted.get(what, 0) + int(number)
            shown += SHOWN.findall(entry.get("stdout") or "")
            if got[FAILED]:
                print(f"FAILED {path}: {entry['name']} ({entry['result']})")
                if not brief:
                    print("".join(f"    {line}\n" for line in said(entry)), end="")
    if not brief:
        print("".join(f"{line}\n" for line in tables(shown)), end="")
        print("".join(f"{n} {what}\n" for what, n in sorted(counted.items())), end="")
    print(f"{total[PASSED]} passed, {total[FAILED]} failed, {total[SKIPPED]} skipped")
    return 1 if total[FAILED] or not total[PASSED] else 0


sys.exit(main())
