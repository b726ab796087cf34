#!/usr/bin/env python3
"""Does the count that closes a run count failures of every kind?
usage: summary_test.py SUMMARY_PROGRAM    SPDX-License-Identifier: BSD-2-Clause"""

import json
import os
import subprocess
import sys
import tempfile

import tap

GOOD = {"name": "good", "result": "OK", "returncode": 0, "stderr": "",
        "stdout": "TAP version 13\nok 1 - a\nok 2 - b # SKIP no c\n1..2\n"}


def summary(*entries, options=()):
    """(what it printed, exit status) for a log of these entries."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "log.json")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(e) + "\n" for e in entries)
        run = subprocess.run([sys.argv[1], *options, path], capture_output=True,
                             text=True, check=False)
    return run.stdout, run.returncode


def closes(count, status, *entries):
    printed, code = summary(*entries)
    assert printed.splitlines()[-1] == count, printed
    assert code == status, f"{count}: exit status {code}"
    return printed


def subtests_and_programs():
    closes("1 passed, 0 failed, 1 skipped", 0, GOOD)
    closes("2 passed, 0 failed, 2 skipped", 0, GOOD,
           {"name": "p", "result": "OK", "stdout": "", "stderr": ""},
           {"name": "q", "result": "SKIP", "stdout": "", "stderr": ""})
    closes("1 passed, 0 failed, 2 skipped", 0, GOOD,
           {"name": "q", "result": "SKIP", "stdout": "1..0 # SKIP why\n"})


def a_failed_subtest_with_its_words():
    bad = dict(GOOD, name="bad", result="FAIL",
               stdout="TAP version 13\n# of a\nok 1 - a\n# of b\nnot ok 2 - b\n1..2\n")
    printed = closes("2 passed, 1 failed, 1 skipped", 1, GOOD, bad)
    assert "FAILED" in printed and "bad" in printed and "# of b" in printed
    assert "# of a" not in printed
    assert "# of b" not in summary(bad, options=["--brief"])[0]


def crashes_and_timeouts():
    for result in ("ERROR", "TIMEOUT", "INTERRUPT", "FAIL"):
        closes("1 passed, 1 failed, 1 skipped", 1, dict(GOOD, result=result))
        closes("0 passed, 1 failed, 0 skipped", 1,
               {"name": "p", "result": result, "stdout": "", "stderr": "x"})


def nothing_run_is_not_success():
    closes("0 passed, 0 failed, 0 skipped", 1)
    run = subprocess.run([sys.argv[1], "/nonexistent/log.json"], check=False,
                         capture_output=True, text=True)
    assert run.returncode == 1 and "0 passed, 1 failed" in run.stdout, run.stdout


def each_report_is_a_failure():
    with tempfile.TemporaryDirectory() as folder:
        closes("1 passed, 0 failed, 1 skipped", 0, GOOD)
        assert not summary(GOOD, options=[folder])[1], "an empty folder fails"
        for name in ("enchufed.1", "enchufed.2"):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write("heap-use-after-free\n")
        printed, code = summary(GOOD, options=[folder])
    assert code == 1 and "1 passed, 2 failed" in printed, printed
    assert "heap-use-after-free" in printed, printed


def counts_are_added_up():
    one = dict(GOOD, stdout=GOOD["stdout"] + "# count: 3 small things\n")
    two = dict(GOOD, stdout="# count: 40 small things\n# count: 1 other\n" +
               GOOD["stdout"])
    printed = closes("2 passed, 0 failed, 2 skipped", 0, one, two)
    assert printed.splitlines()[:-1] == ["1 other", "43 small things"], printed
    assert "things" not in summary(one, options=["--brief"])[0]


def what_is_shown_is_shown():
    one = dict(GOOD, stdout=GOOD["stdout"] + "# shown: a  b\n# shown: c\n")
    printed = closes("1 passed, 0 failed, 1 skipped", 0, one)
    assert printed.splitlines()[:-1] == ["a  b", "c"], printed
    assert "a  b" not in summary(one, options=["--brief"])[0]


def tables_of_several_are_one():
    one = dict(GOOD, stdout=GOOD["stdout"] + "# shown t: name  x\n# shown t: b  1\n")
    two = dict(GOOD, stdout="# shown t: name  x\n# shown t: a  1\n# shown t: b  1\n" +
               GOOD["stdout"])
    printed = closes("2 passed, 0 failed, 2 skipped", 0, one, two)
    assert printed.splitlines()[:-1] == ["name  x", "a  1", "b  1"], printed


out = tap.Tap()
for test in (subtests_and_programs, a_failed_subtest_with_its_words,
             crashes_and_timeouts, nothing_run_is_not_success, each_report_is_a_failure,
             counts_are_added_up, what_is_shown_is_shown, tables_of_several_are_one):
    out.run(test.__name__, test)
out.done()
