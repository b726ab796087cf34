#!/bin/sh
# The tests in a build with sanitizers, by clang, in its own folder.
#
#	asan	addresses and undefined behaviour; then "service"
#	service	the programs under the shim, which is the plain build's, as are
#		they; their enchufed has the checks of asan
#	tsan	threads
#
# usage: sanitize.sh asan|service|tsan [argument of meson test]...
# SPDX-License-Identifier: BSD-2-Clause
set -eu
cd "$(dirname "$0")/.."
mode=${1:-}
case $mode in
asan | service) name=asan checks=address,undefined ;;
tsan) name=tsan checks=thread ;;
*)
	echo "usage: sanitize.sh asan|service|tsan [argument of meson test]..." >&2
	exit 2
	;;
esac
shift
plain=${BUILD:-build}
build=build-$name
reports=$PWD/$build/reports
tools/install-deps.sh sanitize
[ -f "$build/build.ninja" ] || CC=clang meson setup "$build" \
	-Db_sanitize=$checks -Db_lundef=false
ninja --quiet -C "$build"
asan=strict_string_checks=1:detect_stack_use_after_return=1
ubsan=halt_on_error=1:print_stacktrace=1
status=0
logs=

# In the build itself. A sanitizer's runtime must be the first library of a
# process, which it is not in an unmodified program that preloads our shim: those
# tests are left to the plain build.
own_tests() {
	logs=$build/meson-logs/check.json
	rm -f "$logs"
	ASAN_OPTIONS=$asan UBSAN_OPTIONS=$ubsan \
		meson test -C "$build" --no-rebuild --logbase check \
		--no-suite programs --no-suite preload "$@" || status=1
}

# And those with a service that is watched. It is a daemon, so its reports go to
# files, each of which is a failure.
service_tests() {
	log=$plain/meson-logs/check-service.json
	logs="$logs $log $reports"
	rm -rf "$log" "$reports"
	mkdir -p "$reports"
	chmod 1777 "$reports"
	ENCHUFE_SERVICE=$PWD/$build/enchufed \
		ASAN_OPTIONS=$asan:log_path=$reports/enchufed \
		UBSAN_OPTIONS=$ubsan:log_path=$reports/enchufed \
		meson test -C "$plain" --no-rebuild --logbase check-service \
		--suite programs --suite preload "$@" || status=1
}

case $mode,$# in
service,*) service_tests "$@" ;;
asan,0) own_tests && service_tests ;;
*) own_tests "$@" ;; # names, if given, are of the build's own tests
esac
tools/summary.py $logs || status=1
exit $status
