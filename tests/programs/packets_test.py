#!/usr/bin/env python3
"""Packets that programs see: datagrams larger than any frame, between two hosts
and with the kernel over a TAP device.
SPDX-License-Identifier: BSD-2-Clause"""

import json
import os

import tap
from enchufe import each_in_a_world, ends

NET = """network: packets
seed: 5
hosts:
  a:
  b:
links:
  - name: wire
    between: [a, b]
"""
LOSSY = NET + "    loss: 1%\n    jitter: 2ms\n"

# Echoes datagrams as they are, until an empty one comes.
ECHO = """
import socket, sys
s = socket.socket(socket.AF_INET6 if sys.argv[1] == "6" else socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 5000)); print("ready")
while True:
    data, who = s.recvfrom(70000)
    if not data: break
    s.sendto(data, who)
"""
# Each size, sent again until it comes back: byte for byte.
ASK = """
import os, socket, sys
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
s.connect((sys.argv[1], 5000)); s.settimeout(0.5)
for n in map(int, sys.argv[2].split(",")):
    data = os.urandom(n)
    for again in range(240):
        s.send(data)
        try: got = s.recv(70000)
        except TimeoutError: continue
        if got == data: break
        assert len(got) != n, "not the same bytes"
    else: sys.exit(f"{n} bytes never came back")
    print(n)
s.send(b"")
"""


def large_datagrams(w, net, sizes):
    w.up(net)
    for family in "46":
        server = w.python_on("b", ECHO, family)
        assert server.stdout.readline() == "ready\n"
        host = w.status()[0]["hosts"][1]
        v4 = [a.split("/")[0] for a in host["addresses"] if ":" not in a]
        v6 = [a.split("/")[0] for a in host["addresses"] if ":" in a]
        client = w.python_on("a", ASK, v4[0] if family == "4" else v6[0], sizes)
        want = "".join(n + "\n" for n in sizes.split(","))
        assert ends(client) == (0, want, ""), family
        server.kill()
    counters = {h["name"]: h["ip"] for h in w.status()[0]["hosts"]}
    for name in "ab":
        assert counters[name]["fragmented"] > 0, counters
        assert counters[name]["reassembled"] > 0, counters
    return counters


def datagrams_of_any_size(w):
    counters = large_datagrams(w, NET, "1,1472,1473,2960,2961,9000,40000,65507")
    for name in "ab":
        assert counters[name]["reassembly_failed"] == 0, json.dumps(counters)


def and_over_a_bad_line(w):
    large_datagrams(w, LOSSY, "5000,20000,65507")


# A message of a protocol of one's own goes there and comes back.
RAW_ECHO = """
import socket, sys
six = sys.argv[1] == "6"
s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_RAW, 253)
print("ready")
data, who = s.recvfrom(70000)
s.sendto(data if six else data[20:], who)
"""
RAW_ASK = """
import socket, sys
six = ":" in sys.argv[1]
s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_RAW, 253)
s.settimeout(60); data = bytes(range(256)) * 20
s.sendto(data, (sys.argv[1], 0))
got = s.recv(70000)
print((got if six else got[20:]) == data, six or got[9])
"""
MAY_RAW = """
import os, socket
socket.socket()
os.setuid(12345) if os.geteuid() == 0 else None
try: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1); print("may")
except PermissionError: print("may not")
"""


def raw_sockets_between_hosts(w):
    if os.geteuid() != 0:
        raise tap.Skip("raw sockets are for root")
    w.up(NET)
    for family in "46":
        server = w.python_on("b", RAW_ECHO, family)
        assert server.stdout.readline() == "ready\n"
        host = w.status()[0]["hosts"][1]
        to = [a.split("/")[0] for a in host["addresses"] if (":" in a) == (family == "6")]
        want = "True True\n" if family == "6" else "True 253\n"
        assert ends(w.python_on("a", RAW_ASK, to[0])) == (0, want, ""), family
        assert ends(server)[0] == 0


def raw_sockets_are_for_root(w):
    w.up("network: r\nhosts:\n  a: {}\n  b: {raw: all}\n")
    # Only one user may join: root's program gives its rights up when it has.
    assert ends(w.python_on("b", MAY_RAW))[1] == "may\n"
    assert ends(w.python_on("a", MAY_RAW))[1] == "may not\n"


# 136 and 11: UDP-Lite and its UDPLITE_RECV_CSCOV; SEND_CSCOV is 10.
LITE = """
import socket, sys
def make():
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM, 136)
s = make()
if len(sys.argv) == 1:
    s.setsockopt(136, 11, 12)
    s.bind(("", 5000)); print("ready")
    for _ in range(3):
        data, who = s.recvfrom(100)
        s.sendto(data.upper(), who)
    sys.exit()
s.connect((sys.argv[1], 5000)); s.settimeout(60)
for coverage in (11, 0, 12, 100):
    s.setsockopt(136, 10, coverage)
    s.send(b"covered %d" % coverage)
    if coverage != 11:
        print(s.recv(100).decode())
s.close()
s = make()
s.connect((sys.argv[1], 5001)); s.send(b"x"); s.settimeout(60)
try:
    s.recv(1)
except ConnectionRefusedError:
    print("refused")
"""


def lite(w):
    """UDP-Lite: too little coverage is dropped; nobody there is told."""
    w.up(NET)
    server = w.python_on("b", LITE)
    assert server.stdout.readline() == "ready\n", server.stderr.read()
    client = w.python_on("a", LITE, "b")
    assert ends(client) == (0, "COVERED 0\nCOVERED 12\nCOVERED 100\nrefused\n", "")
    assert ends(server)[0] == 0


# Who comes from too far away (RFC 5082) is not heard; the one who comes after it is.
NEAR = """
import socket
t = socket.socket(); t.setsockopt(socket.IPPROTO_IP, 21, 50) # IP_MINTTL
t.bind(("", 5001)); t.listen(); print("ready")
c, who = t.accept(); print(who[1]); c.sendall(b"welcome"); c.recv(100)
"""
FAR = """
import select, socket, sys
def near(ttl, port):
    s = socket.socket(); s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
    s.bind(("", port)); s.setblocking(False)
    s.connect_ex((sys.argv[1], 5001))
    return s
far, close = near(49, 6001), near(50, 6002)
assert select.select([close], [], [], 30)[0] and close.recv(100) == b"welcome"
print(select.select([], [far], [], 0)[1])
"""


def too_far_away(w):
    w.up(NET)
    server = w.python_on("b", NEAR)
    assert server.stdout.readline() == "ready\n"
    v4 = next(a.split("/")[0] for a in w.status()[0]["hosts"][1]["addresses"]
              if ":" not in a)
    assert ends(w.python_on("a", FAR, v4)) == (0, "[]\n", "")
    assert ends(server) == (0, "6002\n", "")


each_in_a_world(datagrams_of_any_size, and_over_a_bad_line, raw_sockets_between_hosts,
                raw_sockets_are_for_root, lite, too_far_away)
