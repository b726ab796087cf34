#!/bin/sh
# Runs the tests of a build folder and counts them, subtests each for itself.
# usage: check.sh BUILD [argument of meson test]...
# SPDX-License-Identifier: BSD-2-Clause
set -u
tools=$(dirname "$0")
build=$1
shift
rm -f "$build/meson-logs/check.json"
meson test -C "$build" --no-rebuild --logbase check "$@"
status=$?
"$tools/summary.py" "$build/meson-logs/check.json" || status=1
exit $status
