"""Every socket option that Linux's headers name is in docs/options.md, which is the
options' table. SPDX-License-Identifier: BSD-2-Clause"""

import re
import subprocess
import sys

import tap

HEADERS = {
    "SOL_SOCKET": ("asm/socket.h", r"SO_\w+"),
    "IPPROTO_IP": ("linux/in.h", r"IP_\w+|MCAST_\w+"),
    "IPPROTO_IPV6": ("linux/in6.h", r"IPV6_\w+"),
    "IPPROTO_TCP": ("linux/tcp.h", r"TCP_\w+"),
    "IPPROTO_UDP": ("linux/udp.h", r"UDP_\w+"),
}
# What these patterns find besides options; and other names of options.
NO_OPTIONS = re.compile(
    r"SO_TIMESTAMPING$|SO_TIMESTAMP$|SO_TIMESTAMPNS$|SO_RCVTIMEO$|SO_SNDTIMEO$|"
    r"SO_GET_FILTER$|SO_DETACH_BPF$|"
    r"IP_PMTUDISC_\w+|IP_DEFAULT_\w+|IP_RECVRETOPTS$|MCAST_(EX|IN)CLUDE$|"
    r"IPV6_(FL_\w+|PMTUDISC_\w+|PRIORITY_\w+|PREFER_\w+|TLV_\w+|OPT_\w+)|"
    r"TCP_(MSS_\w+|MD5SIG_MAXKEYLEN|MD5SIG_FLAG_\w+|REPAIR_(ON|OFF|OFF_NO_WP)|AO_\w+)$|"
    r"UDP_ENCAP_\w+|IP_ORIGDSTADDR$|IPV6_ORIGDSTADDR$|IPV6_HOPLIMIT$|"
    r"IPV6_FLOWINFO_(FLOWLABEL|PRIORITY)$|TCP_RECEIVE_ZEROCOPY_FLAG_\w+")


def defined(header, pattern):
    text = f"#include <{header}>\n"
    done = subprocess.run([*sys.argv[1].split(), "-E", "-dM", "-x", "c", "-"], input=text,
                          capture_output=True, text=True, check=True)
    names = re.findall(rf"^#define ({pattern}) +(?:\d|SO_)", done.stdout, re.M)
    return {n for n in names if not NO_OPTIONS.match(n)}


def documented(path):
    with open(path, encoding="utf-8") as f:
        return re.findall(r"^\| (\w+) \| (\w+) \|", f.read(), re.M)


def main():
    results = tap.Tap()
    rows = documented(sys.argv[2])
    for level, (header, pattern) in HEADERS.items():
        have = {name for where, name in rows if where == level}
        if level == "IPPROTO_IPV6":  # the same options, at both levels
            have |= {name for where, name in rows if name.startswith("MCAST_")}
        wanted = defined(header, pattern)
        missing = sorted(wanted - have)
        results.result(level, bool(wanted) and not missing, " ".join(missing))
    results.done()


main()
