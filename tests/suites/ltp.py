"""The Linux Test Project's system call tests, as far as they are about sockets and
descriptors. Debian does not package them: LTP names a built source tree. A test passes
when it says so by its exit status (32: not for this machine).
SPDX-License-Identifier: BSD-2-Clause"""

import os
import re

FOLDERS = """accept accept4 bind close close_range connect dup dup2 dup3 epoll_create
epoll_create1 epoll_ctl epoll_pwait epoll_wait fcntl fork getpeername getsockname
getsockopt listen pipe pipe2 poll ppoll preadv preadv2 pselect pwritev pwritev2 read
readv recv recvfrom recvmmsg recvmsg select send sendfile sendmmsg sendmsg sendto
setsockopt shutdown socket socketcall socketpair sockioctl splice tee write
writev""".split()
# They bring the kernel down, take a quarter of an hour, or are about file systems.
LEFT_OUT = {"bind06", "setsockopt06", "setsockopt11", "writev03", "preadv03", "preadv03_64",
            "preadv203", "preadv203_64", "pwritev03", "pwritev03_64"}
RESULTS = {0: "pass", 32: "skip", None: "hangs"}


def tree():
    return os.path.join(os.environ.get("LTP", ""), "testcases/kernel/syscalls")


def prepare(_folder):
    if "LTP" not in os.environ:
        return "LTP does not name a source tree of the Linux Test Project, built"
    return "" if os.path.isdir(tree()) else f"there is no {tree()}"


def arguments():
    """The runs of each program, by its name: LTP's own list has them."""
    runs = {}
    with open(os.path.join(os.environ["LTP"], "runtest/syscalls"),
              encoding="utf-8") as f:
        for line in f:
            words = line.split("#")[0].split()
            if len(words) > 1 and not re.search(r"[;|&$]", line):
                runs.setdefault(words[1], {})[words[0]] = words[2:]
    return runs


def programs():
    for folder in FOLDERS:
        where = os.path.join(tree(), folder)
        for name in sorted(os.listdir(where) if os.path.isdir(where) else []):
            path = os.path.join(where, name)
            if (os.path.isfile(path) and os.access(path, os.X_OK) and
                    "." not in name and name not in LEFT_OUT):
                yield name, path


def run(side):
    results, runs = {}, arguments()
    wanted = os.environ.get("LTP_ONLY", "")
    for name, path in programs():
        for test, args in runs.get(name, {}).items():
            if not re.match(wanted, test):
                continue
            where = os.pathsep.join([os.path.dirname(path), os.environ["PATH"]])
            status, said = side.run(path, *args, limit=120, PATH=where,
                                    LTPROOT=os.environ["LTP"])
            results[test] = RESULTS.get(status, "fail")
            with open(side.log(f"{test}.{side.kind}"), "w", encoding="utf-8") as f:
                f.write(said)
    return results
