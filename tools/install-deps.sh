#!/bin/sh
# Installs what is missing for a purpose, from Debian's packages, and nothing
# when nothing is. usage: install-deps.sh build|demo|check|sanitize|bench|suites
# SPDX-License-Identifier: BSD-2-Clause
set -u
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# probe=package: the probe is a command, a file (/...), a pkg-config name (pc:)
# or, when none of these tells, the package itself (deb:).
build='gcc=gcc /usr/include/stdio.h=libc6-dev meson=meson ninja=ninja-build
	python3=python3 pkg-config=pkg-config pc:yaml-0.1=libyaml-dev
	pc:libcares=libc-ares-dev'
demo='curl=curl wget=wget'
check='nm=binutils spin=spin curl=curl wget=wget ip=iproute2 nc=netcat-openbsd socat=socat
	tcpdump=tcpdump chromium=chromium chromedriver=chromium-driver
	ping=iputils-ping nginx=nginx-light redis-server=redis-server
	redis-cli=redis-tools redis-benchmark=redis-tools iperf3=iperf3
	openssl=openssl /usr/sbin/apache2=apache2-bin memcached=memcached
	/bin/nc.traditional=netcat-traditional /usr/sbin/sshd=openssh-server
	ssh=openssh-client sftp=openssh-client node=nodejs
	javac=openjdk-17-jdk-headless haproxy=haproxy perl=perl ruby=ruby
	php=php-cli rsync=rsync git=git dnsmasq=dnsmasq-base dig=bind9-dnsutils
	nmap=nmap lighttpd=lighttpd mosquitto=mosquitto
	mosquitto_pub=mosquitto-clients'
suites='stress-ng=stress-ng node=nodejs ruby=ruby
	/usr/lib/python3.11/test/test_socket.py=libpython3.11-testsuite'
sanitize='clang=clang deb:libclang-rt-14-dev=libclang-rt-14-dev
	llvm-symbolizer=llvm'
bench='ip=iproute2 redis-server=redis-server redis-benchmark=redis-tools
	redis-cli=redis-tools nginx=nginx-light wrk=wrk iperf3=iperf3
	ethtool=ethtool unshare=util-linux taskset=util-linux'

present() {
	case $1 in
	/*) [ -e "$1" ] ;;
	pc:*) pkg-config --exists "${1#pc:}" 2>/dev/null ;;
	deb:*) dpkg-query -W -f '${Status}' "${1#deb:}" 2>/dev/null |
		grep -q 'ok installed' ;;
	*) command -v "$1" >/dev/null 2>&1 ;;
	esac
}

missing() {
	for entry in $1; do
		present "${entry%=*}" || printf '%s\n' "${entry##*=}"
	done | sort -u | tr '\n' ' '
}

# As root. No daemon is started by the installation, or at the next boot: we
# want the programs only.
install_as_root() {
	policy=/usr/sbin/policy-rc.d
	if [ ! -e $policy ]; then
		trap 'rm -f $policy' EXIT
		trap 'exit 130' INT TERM
		printf '#!/bin/sh\nexit 101\n' >$policy
		chmod 755 $policy
	fi
	log=$(mktemp)
	export DEBIAN_FRONTEND=noninteractive
	apt="apt-get install -y -qq --no-install-recommends"
	if ! $apt "$@" >"$log" 2>&1; then
		# A fresh machine has no lists yet, an old one stale lists.
		if ! { apt-get update -qq && $apt "$@"; } >"$log" 2>&1; then
			tail -n 5 "$log" >&2
			rm -f "$log"
			return 1
		fi
	fi
	rm -f "$log"
	[ -d /run/systemd/system ] || return 0
	for p in "$@"; do
		case $p in
		nginx-light) systemctl disable -q nginx ;;
		redis-server) systemctl disable -q redis-server ;;
		iperf3) systemctl disable -q iperf3 ;;
		memcached) systemctl disable -q memcached ;;
		haproxy) systemctl disable -q haproxy ;;
		openssh-server) systemctl disable -q ssh ;;
		esac
	done
	return 0
}

if [ "${1:-}" = --as-root ]; then
	shift
	install_as_root "$@"
	exit
fi
case ${1:-} in
build) wanted=$build ;;
demo) wanted="$build $demo" ;;
check) wanted="$build $check" ;;
sanitize) wanted="$build $check $sanitize" ;;
bench) wanted="$build $bench" ;;
suites) wanted="$build $suites" ;;
*)
	echo "usage: install-deps.sh build|demo|check|sanitize|bench|suites" >&2
	exit 2
	;;
esac

packages=$(missing "$wanted")
[ -n "$packages" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
	echo "install-deps: missing: $packages(Debian's names); install them" >&2
	exit 1
fi
as_root=false
if [ "$(id -u)" = 0 ]; then
	as_root="sh"
elif command -v sudo >/dev/null 2>&1; then
	as_root="sudo sh"
fi
if [ "$as_root" != false ]; then
	echo "Installing for '$1': $packages"
	$as_root "$0" --as-root $packages
fi
if [ -n "$(missing "$wanted")" ]; then
	echo "install-deps: still missing: $(missing "$wanted")" >&2
	echo "install-deps: as root: apt-get install $(missing "$wanted")" >&2
	exit 1
fi
