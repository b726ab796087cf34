#!/usr/bin/env python3
"""What one host learns from another: errors that ICMP tells, and a close() that waits
(SO_LINGER) until the other end has taken all.
SPDX-License-Identifier: BSD-2-Clause"""

import os
import select
import subprocess

import tap
from enchufe import each_in_a_world, ends
from forge import router

NET = """network: hosts
hosts:
  a:
  b:
links:
  - name: wire
    between: [a, b]
    addresses: {a: [10.9.0.1/24, "fd09::1/64"], b: [10.9.0.2/24, "fd09::2/64"]}
"""
# Sends to a port where nobody is, or to a host that is not there, and prints the
# report in the error queue: errno, origin, type, code, and who says so.
ASK = """
import errno, select, socket, struct, sys
to, six = sys.argv[1], ":" in sys.argv[1]
s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(*((socket.IPPROTO_IPV6, 25, 1) if six else (socket.IPPROTO_IP, 11, 1)))
s.sendto(b"anybody?", (to, 4321))
p = select.poll()
p.register(s, 0)
assert p.poll(100000), "nothing is told"
data, control, flags, who = s.recvmsg(100, 512, socket.MSG_ERRQUEUE)
report = control[0][2]
err, origin, kind, code = struct.unpack_from("=IBBB", report)
at = report[16:]
offender = socket.inet_ntop(socket.AF_INET6, at[8:24]) if six else socket.inet_ntoa(at[4:8])
print(errno.errorcode[err], origin, kind, code, offender, data.decode(), who[0], who[1])
"""


def told(w, to):
    code, out, err = ends(w.python_on("a", ASK, to))
    assert code == 0, err
    return out.strip()


def nobody_at_that_port(w):
    w.up(NET)
    assert told(w, "10.9.0.2") == \
        "ECONNREFUSED 2 3 3 10.9.0.2 anybody? 10.9.0.2 4321"
    assert told(w, "fd09::2") == "ECONNREFUSED 3 1 4 fd09::2 anybody? fd09::2 4321"


def no_such_host_on_the_link(w):
    w.up(NET)
    # Linux says it to itself when nobody answers ARP.
    assert told(w, "10.9.0.77") == \
        "EHOSTUNREACH 2 3 1 10.9.0.1 anybody? 10.9.0.77 4321"
    assert told(w, "fd09::77") == "EHOSTUNREACH 3 1 3 fd09::1 anybody? fd09::77 4321"


# Says of the next datagram, as a router would, that its time has run out.
ROUTER = router(4321, 'struct.pack("!BBHI", 11, 0, 0, 0)',
    "print(udp.recv(100).decode())")


def its_time_ran_out(w):
    if os.geteuid() != 0:
        raise tap.Skip("raw sockets are root's")
    w.up(NET)
    router = w.python_on("b", ROUTER)
    assert router.stdout.readline() == "ready\n"
    # Eight bytes of what was sent come back: the UDP header.
    assert told(w, "10.9.0.2") == "EHOSTUNREACH 2 11 0 10.9.0.2  10.9.0.2 4321"
    assert ends(router)[:2] == (0, "anybody?\n")


SLOW = """
import socket, sys
l = socket.socket()
l.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 20000)
l.bind(("", 4322)); l.listen(); print("ready")
c, _ = l.accept()
sys.stdin.readline()
n = 0
while d := c.recv(65536): n += len(d)
print(n)
"""
LINGER = """
import socket, struct, sys
c = socket.create_connection(("10.9.0.2", 4322))
c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, int(sys.argv[1])))
c.sendall(bytes(300000)) # more than the other end takes unread
print("closing")
c.close()
print("closed")
"""


def start_lingering(w, seconds):
    server = w.python_on("b", SLOW, stdin=subprocess.PIPE)
    assert server.stdout.readline() == "ready\n"
    client = w.python_on("a", LINGER, seconds)
    assert client.stdout.readline() == "closing\n"
    return server, client


def close_waits_for_the_reader(w):
    w.up(NET)
    server, client = start_lingering(w, "1000")
    # Nothing is to happen.
    assert not select.select([client.stdout], [], [], 0.5)[0], "it does not wait"
    assert ends_with_line(server) == (0, "300000\n", "")
    assert ends(client) == (0, "closed\n", "")


def close_waits_no_longer_than_told(w):
    w.up(NET)
    server, client = start_lingering(w, "1")
    # Its end does not need the reader; what was sent goes on by itself.
    assert ends(client) == (0, "closed\n", "")
    assert ends_with_line(server) == (0, "300000\n", "")


def ends_with_line(process):
    out, err = process.communicate("go\n", timeout=120)
    return process.returncode, out, err


each_in_a_world(nobody_at_that_port, no_such_host_on_the_link, its_time_ran_out,
                close_waits_for_the_reader, close_waits_no_longer_than_told)
