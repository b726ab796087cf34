"""curl's own tests, built from Debian's source package: curl against the servers
that come with it. SPDX-License-Identifier: BSD-2-Clause"""

import os
import pwd
import re

import source

STATE = {}
# Debian builds it three times, with patches of the Makefiles for each library; the
# tests want those as they were.
UNPATCH = """grep -q '^libcurlu_la_SOURCES' lib/Makefile.am || {
	patch -Rp1 <debian/patches/99_nss.patch &&
	patch -Rp1 <debian/patches/90_gnutls.patch; }"""
# A build for its tests looks at the source's style, too, which Debian's patches break.
MAKE = ["make", "-j2", "CHECKSRC=@true ||"]


def prepare(folder):
    STATE["source"], why = source.built(
        folder, "curl", "tests/server/sws", ["sh", "-c", UNPATCH], ["autoreconf", "-fi"],
        ["./configure", "--enable-debug", "--with-openssl", "--with-libssh2"],
        MAKE, [*MAKE, "-C", "tests"])
    return why


def run(side):
    where = os.path.join(STATE["source"], "tests")
    # It starts no sshd for root.
    less = ["!SCP", "!SFTP"] if os.geteuid() == 0 else []
    _, out = side.run("perl", "runtests.pl", "-a", "-n", "-am", "-k", *less, cwd=where,
                      limit=7200, USER=pwd.getpwuid(os.geteuid()).pw_name)
    results = {}
    for line in out.splitlines():
        m = re.match(r"(PASS|FAIL|SKIP): (\d+) - ?(.*)", line)
        if m:
            results[f"{m[2]} {m[3]}"] = m[1].lower()
    return results
