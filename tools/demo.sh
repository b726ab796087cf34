#!/bin/bash
# The main job, shown: two hosts on a slow and lossy wire, a web server on one,
# unmodified wget and curl on the other; then the course notes' reverse server
# and client on one host. Works as an ordinary user; ends what it started.
# usage: demo.sh BUILD
# SPDX-License-Identifier: BSD-2-Clause
set -u
cd "$(dirname "$0")/.." || exit 1
build=${1:-build}
enchufe=$build/enchufe
example=examples/two-hosts.yaml
net=two-hosts
size=$((4 * 1024 * 1024))
out=$build/demo
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY

# Networks of its own, so that none which the user has up is met or ended.
ENCHUFE_RUNTIME_DIR=$(mktemp -d /tmp/enchufe-demo.XXXXXX)
export ENCHUFE_RUNTIME_DIR
pids=
up=

finish() {
	status=$?
	trap - EXIT INT TERM
	for p in $pids; do
		kill "$p" 2>/dev/null && wait "$p" 2>/dev/null
	done
	[ -z "$up" ] || "$enchufe" down "$net" >/dev/null 2>&1
	[ $status = 0 ] || echo "demo failed; what was said is in $out" >&2
	rm -rf "$ENCHUFE_RUNTIME_DIR"
	exit $status
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

bold=
plain=
[ ! -t 1 ] || { bold=$'\033[1m' plain=$'\033[0m'; }
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
show() { printf '  $ %s\n' "$*"; }
die() {
	printf 'demo: %s\n' "$*" >&2
	exit 1
}
seconds() { python3 -c 'import time; print(time.monotonic())'; }

# patiently COMMAND...: until it succeeds, for some ten seconds
patiently() {
	for _ in $(seq 50); do
		timeout 10 "$@" >/dev/null 2>&1 && return 0
		sleep 0.2
	done
	timeout 10 "$@"
}

same() {
	want=$(sha256sum <"$1")
	got=$(sha256sum <"$2")
	[ "$want" = "$got" ] || die "$2 is not what was sent ($(wc -c <"$2") bytes)"
	printf '  sha256 %.16s... the same at both ends\n' "$want"
}

# fetch FILE COMMAND...: on the client, with its time
fetch() {
	local file=$1 start
	shift
	show "enchufe run --on client -- $*"
	start=$(seconds)
	timeout 60 "$enchufe" run --net "$net" --on client -- "$@" 2>>"$out/fetch.log" ||
		{ tail -n 3 "$out/fetch.log" >&2; die "$1 failed"; }
	python3 - "$size" "$start" <<'END'
import sys, time
size, took = int(sys.argv[1]), time.monotonic() - float(sys.argv[2])
print(f"  {size} bytes in {took:.2f} s: {size * 8 / took / 1e6:.1f} Mbit/s")
END
	same "$out/www/file" "$file"
}

[ -x "$enchufe" ] || die "no $enchufe: run make first"
rm -rf "$out"
mkdir -p "$out/www"
head -c $size /dev/urandom >"$out/www/file"

say "A network of two hosts, 10 ms and 0.5 % loss each way between them"
sed -n '/^[^#]/s/^/  | /p' "$example"
# A copy, as the capture is written beside the file.
cp "$example" "$out/"
show "enchufe up two-hosts.yaml"
"$enchufe" up "$out/two-hosts.yaml" >"$out/up.log" || die "the network does not come up"
up=yes

say "A web server on one host: Python's"
show "enchufe run --on server -- python3 -m http.server 8000"
"$enchufe" run --net "$net" --on server -- python3 -m http.server 8000 \
	--directory "$out/www" >"$out/server.log" 2>&1 &
pids="$pids $!"
patiently "$enchufe" run --net "$net" --on client -- \
	curl -sS --max-time 5 -o /dev/null http://server:8000/ ||
	die "the web server does not answer"

say "wget and curl, as Debian has them, on the other"
fetch "$out/by-wget" wget -q -O "$out/by-wget" http://server:8000/file
fetch "$out/by-curl" curl -sS -o "$out/by-curl" http://server:8000/file

say "What the wire saw"
"$enchufe" status --json --net "$net" >"$out/status.json" || die "no status"
tools/demo-account.py "$out/status.json" || die "no account"

"$enchufe" down "$net" || die "the network does not go down"
up=

say "One host: the reverse server and client of the course notes"
lab=$build/lab
reverse() { timeout 60 "$enchufe" run -- "$lab/cln_rev" localhost 7777 "$@"; }
show "enchufe run -- srv_rev_thr 7777"
"$enchufe" run -- "$lab/srv_rev_thr" 7777 2>"$out/srv_rev_thr.log" &
pids="$pids $!"
printf 'hola' >"$out/hola"
patiently "$enchufe" run -- "$lab/cln_rev" localhost 7777 "$out/hola" ||
	die "cln_rev failed"
show "enchufe run -- cln_rev localhost 7777 hola"
printf '  hola -> %s\n' \
	"$(reverse "$out/hola")"
reverse "$out/www/file" >"$out/reversed" || die "cln_rev failed"
reverse "$out/reversed" >"$out/twice" || die "cln_rev failed"
printf '  the %s bytes, turned round twice:\n' $size
same "$out/www/file" "$out/twice"

say "Done."
