#!/usr/bin/env python3
"""Groups between hosts: who hears what, and what the wire sees of it; and paths that
take less than the link.
SPDX-License-Identifier: BSD-2-Clause"""

import os
import shutil

import tap
from enchufe import each_in_a_world, ends
from forge import router

NET = """network: groups
hosts:
  a:
  b:
  c:
links:
  - name: lan
    switch: [a, b, c]
    addresses: {a: [10.8.0.1/24, "fd08::1/64"], b: [10.8.0.2/24, "fd08::2/64"],
      c: [10.8.0.3/24, "fd08::3/64"]}
    capture: CAPTURE
"""

# No host here has a default route: groups of IPv4 want an interface.
MEMBER = """
import socket, struct, sys
group = sys.argv[1]
OWN = socket.gethostbyname(socket.gethostname())
if ":" in group:
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.bind(("::", 5353))
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP,
        socket.inet_pton(socket.AF_INET6, group) + struct.pack("@I", 2))
else:
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("", 5353))
    if len(sys.argv) > 2: # from this source alone
        s.setsockopt(socket.IPPROTO_IP, 39, socket.inet_aton(group) +
            socket.inet_aton(OWN) + socket.inet_aton(sys.argv[2]))
    else:
        s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
            socket.inet_aton(group) + socket.inet_aton(OWN))
print("ready")
while True:
    data, who = s.recvfrom(100)
    if data == b"end": break
    print(data.decode(), who[0].split("%")[0])
    s.sendto(b"answer", who)
"""
# Asks the group, and takes so many answers.
ASK = """
import socket, sys
group, want = sys.argv[1], int(sys.argv[2])
s = socket.socket(socket.AF_INET6 if ":" in group else socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("::" if ":" in group else sys.argv[3], 0))
s.settimeout(60)
if not ":" in group:
    own = socket.gethostbyname(socket.gethostname())
    s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(own))
s.sendto(b"question", (group, 5353))
print(sorted(s.recvfrom(100)[0] for k in range(want)))
s.settimeout(0.2)
try: print("one too many", s.recvfrom(100))
except TimeoutError: pass
s.sendto(b"end", (group, 5353))
"""


def network(w):
    w.up(NET.replace("CAPTURE", w.path("lan.pcapng")))


def frames(w, *wanted):
    """How many frames the capture has that hold these bytes."""
    data = open(w.path("lan.pcapng"), "rb").read()
    return [data.count(bytes.fromhex(x)) for x in wanted]


def members_answer(w):
    network(w)
    for group in ("239.255.1.1", "ff05::fb"):
        members = [w.python_on(h, MEMBER, group) for h in "bc"]
        for m in members:
            assert m.stdout.readline() == "ready\n"
        asker = w.python_on("a", ASK, group, "2", "0.0.0.0")
        assert ends(asker) == (0, "[b'answer', b'answer']\n", ""), group
        for m in members:
            status, out, err = ends(m)
            assert (status, err) == (0, "") and out.startswith("question "), out


def a_source_is_chosen(w):
    network(w)
    member = w.python_on("b", MEMBER, "239.255.1.2", "10.8.0.3")
    assert member.stdout.readline() == "ready\n"
    a = w.python_on("a", ASK, "239.255.1.2", "0", "10.8.0.1")
    assert ends(a) == (0, "[]\n", "")
    c = w.python_on("c", ASK, "239.255.1.2", "1", "10.8.0.3")
    assert ends(c) == (0, "[b'answer']\n", "")
    assert ends(member) == (0, "question 10.8.0.3\n", "")


def routers_are_told(w):
    network(w)
    member = w.python_on("b", MEMBER, "239.255.1.3")
    assert member.stdout.readline() == "ready\n"
    assert ends(w.python_on("a", ASK, "239.255.1.3", "1", "0.0.0.0"))[0] == 0
    assert ends(member)[0] == 0
    w.call("down", "groups")
    # An IGMPv3 record: to "all but none", and to "none", of 239.255.1.3.
    joined, left = frames(w, "04000000efff0103", "03000000efff0103")
    assert joined >= 1 and left >= 1, (joined, left)


def socat_joins(w):
    if not shutil.which("socat"):
        raise tap.Skip("socat is not installed")
    network(w)
    socat = w.start("run", "--on", "b", "--", "socat", "-u",
        "UDP4-RECVFROM:6666,ip-add-membership=239.255.1.4:10.8.0.2", "-")
    send = ("import socket, time\n"
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,"
        " socket.inet_aton('10.8.0.1'))\n"
        "for k in range(2400):\n"
        "    s.sendto(b'by socat\\n', ('239.255.1.4', 6666)); time.sleep(0.05)\n")
    sender = w.python_on("a", send)
    assert ends(socat) == (0, "by socat\n", "")
    sender.kill()


# A router of our own making says that the path takes 1,000 bytes.
FORGE = router(7000, 'struct.pack("!BBHHH", 3, 4, 0, 0, 1000)', # the port stays open
    "print([len(udp.recv(2000)) for k in range(3)])") # until all have come
SENDER = """
import errno, socket, struct, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(0, 10, 2) # IP_MTU_DISCOVER, DO
s.setsockopt(0, 11, 1) # IP_RECVERR
s.connect(("10.8.0.2", 7000))
print(s.getsockopt(0, 14))
s.send(bytes(1400))
import select
p = select.poll(); p.register(s, 0)
assert p.poll(60000)
data, control, flags, who = s.recvmsg(10, 512, socket.MSG_ERRQUEUE)
s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
report = struct.unpack_from("=IBBBBII", control[0][2])
err, origin, kind, code, pad, info, more = report
print(errno.errorcode[err], origin, kind, code, info)
print(s.getsockopt(0, 14))
try: s.send(bytes(1400))
except OSError as e: print(errno.errorcode[e.errno])
try: s.send(bytes(1400))
except OSError as e: print(errno.errorcode[e.errno])
print(s.send(bytes(972)))
s.setsockopt(0, 10, 1)
print(s.send(bytes(1400)))
"""


# Linux's answers where no route leads there.
NO_ROUTE = """
import socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
def what(call):
    try: call(); print("done")
    except OSError as e: print(e.strerror)
group = socket.inet_aton("239.255.1.5")
what(lambda: s.sendto(b"x", ("239.255.1.5", 5353)))
what(lambda: s.connect(("239.255.1.5", 5353)))
what(lambda: s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
    group + socket.inet_aton("0.0.0.0")))
what(lambda: s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
    group + socket.inet_aton("10.8.0.1")))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("10.8.0.1", 0)) # its interface, then
what(lambda: s.sendto(b"x", ("239.255.1.5", 5353)))
"""


def no_way_to_a_group(w):
    network(w)
    assert ends(w.python_on("a", NO_ROUTE)) == (0, "Network is unreachable\n"
        "Network is unreachable\nNo such device\ndone\ndone\n", "")


def paths_are_learnt(w):
    if os.geteuid() != 0:
        raise tap.Skip("raw sockets are root's")
    network(w)
    router = w.python_on("b", FORGE)
    assert router.stdout.readline() == "ready\n"
    status, out, err = ends(w.python_on("a", SENDER))
    assert (status, err) == (0, ""), err
    assert out == "1500\nEMSGSIZE 2 3 4 1000\n1000\nEMSGSIZE\nEMSGSIZE\n972\n1400\n", out
    assert ends(router) == (0, "[1400, 972, 1400]\n", "")


each_in_a_world(members_answer, a_source_is_chosen, routers_are_told, socat_joins,
                no_way_to_a_group, paths_are_learnt)
