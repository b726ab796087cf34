#!/usr/bin/env python3
"""Does the runner report failures? usage: selftest.py SELFTEST_PROGRAM
SPDX-License-Identifier: BSD-2-Clause"""

import os
import re
import subprocess
import sys

import tap

PROGRAM = sys.argv[1]
DIAGNOSTICS = {  # what must stand above the result of each test that fails
    "fail_check": r"selftest\.c:\d+: two == 3",
    "fail_int": r"selftest\.c:\d+: two > 7 \(2 against 7\)",
    "fail_mem": r'"abcd" differs at byte 2 of 4: 63, wanted 78',
    "fail_str": r'is "one ok 1", wanted "two"',
    "fail_in_child": r'!"child"',
    "fail_child_returns": r"a child of the test returned from it",
    "fail_signal": r"killed by signal 9 \(Killed\)",
    "fail_exit_status": r"exit status 5",
    "fail_exit_early": r"called exit\(0\) before its end",
    "fail_time": r"time limit of 1 s reached, killed",
    "fail_descriptor": r"left descriptor \d+ open: /dev/null",
}


def runner(*args):
    return subprocess.run([PROGRAM, *args], capture_output=True, text=True, timeout=60)


def parse(text):
    """name -> (passed, skip reason or None, its diagnostics)"""
    results, above = {}, []
    for line in text.splitlines():
        found = re.fullmatch(r"(not )?ok \d+ - (\S+)(?: # SKIP (.*))?", line)
        if found:
            results[found[2]] = (not found[1], found[3], "\n".join(above))
            above = []
        elif line.startswith("#"):
            above.append(line)
    return results


ALL = runner()
RESULTS = parse(ALL.stdout)


def each_result_is_right():
    listed = runner("-l").stdout.split()
    assert listed == list(RESULTS), f"-l gives {listed}, results are {list(RESULTS)}"
    for name, (passed, skip, above) in RESULTS.items():
        assert passed == (not name.startswith("fail")), f"{name}: passed is {passed}"
        assert (skip is not None) == name.startswith("skip"), f"{name}: {skip}"
        if not passed:
            assert re.search(DIAGNOSTICS[name], above), f"{name}: says {above!r}"
    assert RESULTS["skip_reason"][1] == "no moon here"


def the_plan_counts_and_status_tells():
    assert ALL.stdout.startswith("TAP version 13\n")
    assert ALL.stdout.endswith(f"\n1..{len(RESULTS)}\n"), ALL.stdout[-40:]
    assert ALL.returncode == 1, ALL.returncode
    assert runner("pass", "skip_reason").returncode == 0


def output_of_a_test_stays_out():
    assert "forged" not in ALL.stdout
    assert "forged" in ALL.stderr


def no_child_survives():
    left = re.findall(r"^left (\d+)$", ALL.stderr, re.M)
    assert len(left) == 2, ALL.stderr
    for pid in left:
        assert not os.path.exists(f"/proc/{pid}"), f"process {pid} lives on"


def names_select():
    assert list(parse(runner("pass").stdout)) == ["pass"]
    assert list(parse(runner("fail_int", "pass_w*").stdout)) == \
        ["pass_with_output", "fail_int"]
    none = runner("nothing_so_named")
    assert none.returncode == 2 and "Bail out!" in none.stdout
    assert runner("-z").returncode == 2


def in_process_for_a_debugger():
    one = runner("-n", "pass")
    assert one.returncode == 0 and "ok 1 - pass\n" in one.stdout
    assert runner("-n", "fail_check").returncode == 1


out = tap.Tap()
for test in (each_result_is_right, the_plan_counts_and_status_tells,
             output_of_a_test_stays_out, no_child_survives, names_select,
             in_process_for_a_debugger):
    out.run(test.__name__, test)
out.done()
