#!/usr/bin/env python3
"""Does parity.py see each way in which a program can differ? Its enchufe here is a
script that tells the programs, scripts too, where they are.
usage: parity_test.py PARITY_PROGRAM    SPDX-License-Identifier: BSD-2-Clause"""

import os
import subprocess
import sys
import tempfile

import tap

ENCHUFE = """#!/bin/sh
case $1 in
status) echo '[{"service_pid": '$$', "hosts": [{"name": "host"}]}]' ;;
run) shift 4; ON=enchufe exec "$@" ;;
down) [ ! -e "$(dirname "$0")/dead" ] ;;
esac
"""
PROGRAMS = {
    "same": "echo one; exit 0",
    "line": "echo one; echo ${ON:-kernel}",
    "more": "echo one; [ -z $ON ] || echo two",
    "status": "[ -z $ON ]",
    "killed": "[ -z $ON ] || kill -9 $$",
    "broken": "exit 99",
}


def parity(*names, differences="", dead=False):
    """(exit status, what it printed) for these programs."""
    with tempfile.TemporaryDirectory() as build:
        def script(path, text):
            path = os.path.join(build, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(path, 0o755)
            return path
        script("enchufe", ENCHUFE)
        for name, text in PROGRAMS.items():
            script(f"tests/parity/area.{name}", "#!/bin/sh\n" + text + "\n")
        if dead:
            script("dead", "")
        run = subprocess.run(
            [sys.executable, sys.argv[1], "--build", build, "--differences",
             script("list", differences), *(f"area/{n}" for n in names)],
            capture_output=True, text=True, check=False)
    return run.returncode, run.stdout


def the_same_passes():
    status, printed = parity("same")
    assert status == 0 and "ok 1 - area/same" in printed, printed
    assert "# count: 1 parity programs" in printed, printed


def what_differs_fails():
    for name in ("line", "more", "status", "killed"):
        status, printed = parity(name, "same")
        assert status == 1 and f"not ok 1 - area/{name}" in printed, printed
        assert "ok 2 - area/same" in printed and "# +" in printed, printed
    assert "killed by SIGKILL" in printed, printed


def the_kernel_must_succeed():
    status, printed = parity("broken")
    assert status == 1 and "on the kernel: exit 99" in printed, printed


def the_service_must_live():
    status, printed = parity("same", dead=True)
    assert status == 1 and "not ok 1 - area/same" in printed, printed


def differences_on_purpose():
    status, printed = parity("line", differences="area/line: because\n\tof this\n")
    assert status == 0 and "on purpose: because of this" in printed, printed
    assert "# count: 1 differences on purpose" in printed, printed
    status, printed = parity("same", differences="area/same: because\n")
    assert status == 1 and "does not differ" in printed, printed
    status, printed = parity("same", differences="area/none: because\n")
    assert status == 1 and "no such program" in printed, printed
    status, printed = parity("same", differences="other/none: because\n")
    assert status == 0, printed


def no_program_is_no_success():
    assert parity("none")[0] != 0


out = tap.Tap()
for test in (the_same_passes, what_differs_fails, the_kernel_must_succeed,
             the_service_must_live, differences_on_purpose, no_program_is_no_success):
    out.run(test.__name__, test)
out.done()
