#!/usr/bin/env python3
"""Streams that are bound to an interface (SO_BINDTODEVICE, link-local addresses), with
what Linux 6.18 says of each in a namespace that has the same interfaces: within a host,
by shared memory and by packets, and between two.
SPDX-License-Identifier: BSD-2-Clause"""

import subprocess

from enchufe import each_in_a_world, ends

NET = """network: bound
hosts:
  a: {loopback: %s}
  b:
links:
  - name: first
    between: [a, b]
    addresses: {a: [10.0.0.1/24, "fd00::1/64"], b: [10.0.0.2/24, "fd00::2/64"]}
  - name: second
    between: [a, b]
    addresses: {a: [10.0.1.1/24, "fd01::1/64"], b: [10.0.1.2/24, "fd01::2/64"]}
"""

COMMON = """
import errno, socket, sys
SO_BINDTODEVICE = 25
def made(family, device):
    s = socket.socket(family)
    if device: s.setsockopt(socket.SOL_SOCKET, SO_BINDTODEVICE, device.encode())
    return s
def device(s):
    return s.getsockopt(socket.SOL_SOCKET, SO_BINDTODEVICE, 16).rstrip(b"\\0").decode()
def family_of(to): return socket.AF_INET6 if ":" in to else socket.AF_INET
def called(to, port, mine, listener):
    c = made(family_of(to), mine)
    r = c.connect_ex((to, port))
    if r: return errno.errorcode[r]
    if listener is None: return c.getsockname()[0]
    k = listener.accept()[0]
    k.sendall(b"x")
    assert c.recv(1) == b"x"
    return c.getsockname()[0] + " by " + (device(k) or "any")
"""

# Each line: listener's device, caller's, called address.
WITHIN = COMMON + """
for line in sys.stdin.read().splitlines():
    theirs, mine, to = [w if w != "-" else None for w in line.split()]
    l = made(family_of(to), theirs)
    l.bind(("::" if ":" in to else "0.0.0.0", 0))
    l.listen(5)
    print(line, called(to, l.getsockname()[1], mine, l))
"""

# What is not here is answered by nobody: caller and listener hear by another interface
# than the packets come by.
ON_LINUX = """\
- - 127.0.0.1 127.0.0.1 by any
- - 10.0.0.1 10.0.0.1 by any
- - 10.0.1.1 10.0.1.1 by any
- - fd00::1 fd00::1 by any
- lo 127.0.0.1 127.0.0.1 by any
- lo ::1 ::1 by any
- lo fd00::1 ENETUNREACH
- eth0 10.0.0.1 10.0.0.1 by any
- eth0 ::1 ENETUNREACH
- eth0 fd00::1 fd00::1 by any
- eth0 fd01::1 ENETUNREACH
lo - 127.0.0.1 127.0.0.1 by lo
lo - 10.0.0.1 ECONNREFUSED
lo - ::1 ::1 by lo
lo - fd00::1 ECONNREFUSED
lo lo 127.0.0.1 127.0.0.1 by lo
lo lo 10.0.0.1 10.0.0.1 by lo
lo lo 10.0.1.1 10.0.0.1 by lo
lo lo ::1 ::1 by lo
lo eth0 10.0.0.1 ECONNREFUSED
lo eth0 fd00::1 ECONNREFUSED
eth0 - 127.0.0.1 ECONNREFUSED
eth0 - 10.0.0.1 10.0.0.1 by eth0
eth0 - 10.0.1.1 ECONNREFUSED
eth0 - fd00::1 fd00::1 by eth0
eth0 - fd01::1 ECONNREFUSED
eth0 lo 127.0.0.1 ECONNREFUSED
eth0 lo ::1 ECONNREFUSED
eth0 eth0 10.0.0.1 10.0.0.1 by eth0
eth0 eth0 fd00::1 fd00::1 by eth0
"""


def within(w, loopback):
    w.up(NET % loopback)
    asked = "".join(" ".join(l.split()[:3]) + "\n" for l in ON_LINUX.splitlines())
    p = w.python_on("a", WITHIN, stdin=subprocess.PIPE)
    out, err = p.communicate(asked, timeout=100)
    assert p.returncode == 0, err
    got, want = out.splitlines(), ON_LINUX.splitlines()
    for one, other in zip(got, want):
        assert one == other, f"{one}, on Linux: {other}"
    assert len(got) == len(want), err


def within_by_memory(w):
    within(w, "shared")


def within_by_packets(w):
    within(w, "packets")


# Two listeners of one port, each on an interface; says which of them was called, and
# what that connection is bound to, until it has been told twice that all is over.
SERVER = COMMON + """
import select
two = [made(socket.AF_INET6, d) for d in ("eth0", "eth1")]
for l in two:
    l.bind(("::", 7000))
    l.listen(5)
print("ready", flush=True)
kept = []
while len(kept) < int(sys.argv[1]):
    for l in select.select(two, [], [])[0]:
        k, who = l.accept()
        kept.append(k)
        k.sendall(device(l).encode() + b" " + device(k).encode() + b"\\n")
for k in kept: k.recv(1)
"""
CALLER = COMMON + """
kept = []
for line in sys.stdin.read().splitlines():
    mine, to = line.split()
    c = made(family_of(to), mine if mine != "-" else None)
    r = c.connect_ex((to, int(sys.argv[1])))
    kept.append(c)
    print(line, errno.errorcode[r] if r else
        c.getsockname()[0] + " " + c.makefile().readline().strip(), flush=True)
"""
BETWEEN = """\
- 10.0.0.2 10.0.0.1 eth0 eth0
- 10.0.1.2 10.0.1.1 eth1 eth1
eth0 10.0.0.2 10.0.0.1 eth0 eth0
eth1 10.0.1.2 10.0.1.1 eth1 eth1
- fd00::2 fd00::1 eth0 eth0
eth1 fd01::2 fd01::1 eth1 eth1
eth1 fd00::2 ENETUNREACH
"""


def between(w):
    w.up(NET % "shared")
    server = w.python_on("b", SERVER, "6")
    assert server.stdout.readline() == "ready\n"
    caller = w.python_on("a", CALLER, "7000", stdin=subprocess.PIPE)
    asked = "".join(" ".join(l.split()[:2]) + "\n" for l in BETWEEN.splitlines())
    out, err = caller.communicate(asked, timeout=100)
    assert caller.returncode == 0, err
    assert out == BETWEEN, out
    assert ends(server)[0] == 0


# A link-local address has its interface with it, and gives it to the socket.
SCOPED = COMMON + """
lines = [l.split() for l in open("/proc/net/if_inet6") if l.startswith("fe80")]
two = [(int(l[1], 16), l[5], ":".join(l[0][k:k + 4] for k in range(0, 32, 4))) for l in lines]
(i, name, ll), (j, other, _) = sorted(two)
l = socket.socket(socket.AF_INET6)
l.bind(("::", 0))
l.listen(5)
port = l.getsockname()[1]
c = socket.socket(socket.AF_INET6)
c.connect((ll, port, 0, i))
k = l.accept()[0]
print(device(c) == name, device(k) == name, k.getpeername()[3] == i)
c = made(socket.AF_INET6, other)
print(errno.errorcode[c.connect_ex((ll, port, 0, i))], device(c) == other)
c.bind((ll, 0, 0, i))
print(device(c) == name)
c = made(socket.AF_INET6, name)
print(c.connect_ex((ll, port)), c.getpeername()[3] == i)
c = made(socket.AF_INET6, name)
c.bind((ll, 0))
print(c.getsockname()[3] == i)
c = socket.socket(socket.AF_INET6)
print(errno.errorcode[c.connect_ex((ll, port))])
"""


def link_local(w):
    w.up(NET % "shared")
    code, out, err = ends(w.python_on("a", SCOPED))
    assert code == 0, err
    assert out == ("True True True\nEINVAL True\nTrue\n0 True\nTrue\nEINVAL\n"), out


each_in_a_world(within_by_memory, within_by_packets, between, link_local)
