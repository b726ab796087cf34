#!/usr/bin/env python3
"""Programs behind routers with a narrow link between them.

    enchufe --1500-- R --1300-- M --1500-- S (the kernel)

Neither end sees the 1300 in its own MTU or in the other's segment size. R tells enchufe's host
`box` so by ICMP; what it has to say to the host `hole` is lost, and its TCP must find out by
itself. Runs in network namespaces of its own (root).

	narrow_test.py BUILD_DIR

SPDX-License-Identifier: BSD-2-Clause
"""

import os
import subprocess
import sys

import tap
import tap_test
from tap_test import CURL, enter_namespace, sha256

NETFILE = """network: taptest
hosts:
  box: {}
  hole: {sysctl: {net.ipv4.tcp_mtu_probing: 1, net.ipv4.tcp_base_mss: 600}}
links:
""" + "".join(f"""  - tap:
      host: {host}
      device: ench{k}
      addresses: [192.168.7{k}.2/24, "fd7{k}::2/64"]
      gateway: 192.168.7{k}.1
      gateway6: "fd7{k}::1"
""" for k, host in enumerate(("box", "hole")))
OURS = {"box": {"4": "192.168.70.2", "6": "fd70::2"},
        "hole": {"4": "192.168.71.2", "6": "fd71::2"}}
FAR = {"4": "10.51.0.2", "6": "fd51::2"}
ALSO_FAR = {"4": "10.51.0.3", "6": "fd51::3"}  # a path of its own
MEGABYTES = 2
NARROW = 1300

# Of a program on enchufe: what it learns of the path when it sends there.
ASK = """
import errno, socket, sys, time
far, six = sys.argv[1], ":" in sys.argv[1]
family, level = (socket.AF_INET6, 41) if six else (socket.AF_INET, 0)
MTU_DISCOVER, MTU, DO = (23, 24, 2) if six else (10, 14, 2)
s = socket.create_connection((far, 9000))
s.sendall(bytes(300000))
s.shutdown(socket.SHUT_WR)
print("TCP", s.recv(100).decode(), s.getsockopt(level, MTU))
u = socket.socket(family, socket.SOCK_DGRAM)
u.setsockopt(level, MTU_DISCOVER, DO)
u.connect((far, 9001))
print("UDP", u.getsockopt(level, MTU))
longest = u.getsockopt(level, MTU) - (48 if six else 28)
for n in longest, longest + 1:
    try:
        print(n, u.send(bytes(n)))
    except OSError as e:
        print(n, errno.errorcode[e.errno])
"""
# Where no router says so: what one long write ends as.
ALONE = """
import socket, sys
s = socket.create_connection((sys.argv[1], 9000))
s.sendall(bytes(300000))
s.shutdown(socket.SHUT_WR)
print(s.recv(100).decode(), 500 < s.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG) < 1300)
for rule in "tcp_mtu_probing", "tcp_base_mss":
    print(open("/proc/sys/net/ipv4/" + rule).read().strip())
"""
# As ASK with nothing known of the path: the first goes out, and the router's word comes back.
FIRST = """
import errno, select, socket, sys
far, six = sys.argv[1], ":" in sys.argv[1]
family, level = (socket.AF_INET6, 41) if six else (socket.AF_INET, 0)
MTU_DISCOVER, MTU, DO = (23, 24, 2) if six else (10, 14, 2)
u = socket.socket(family, socket.SOCK_DGRAM)
u.setsockopt(level, MTU_DISCOVER, DO)
u.connect((far, 9001))
print(u.getsockopt(level, MTU), u.send(bytes(1400)))
poll = select.poll()
poll.register(u, 0)
print([e & select.POLLERR for f, e in poll.poll(60000)])
print(errno.errorcode[u.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)], u.getsockopt(level, MTU))
"""
# On S: counts what comes, and says how much it was.
SINK = """
import socket, threading
def count(c):
    n = 0
    while True:
        b = c.recv(65536)
        if not b:
            break
        n += len(b)
    c.sendall(str(n).encode())
    c.close()
u = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
u.bind(("::", 9001))
l = socket.socket(socket.AF_INET6)
l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
l.bind(("::", 9000))
l.listen(8)
print("listens", flush=True)
while True:
    threading.Thread(target=count, args=(l.accept()[0],)).start()
"""


def sh(commands, inside=None):
    prefix = ["nsenter", "-t", str(inside.pid), "-n"] if inside else []
    for line in commands.strip().splitlines():
        r = subprocess.run([*prefix, *line.split()], capture_output=True, text=True)
        assert r.returncode == 0, f"{line.strip()}: {r.stderr}"


class World(tap_test.Bed):
    """This namespace is R; M and S are those of two sleepers."""

    def __init__(self, build):
        super().__init__(build, MEGABYTES)
        self.sleepers = [subprocess.Popen(["unshare", "--net", "sh", "-c", "echo in; exec cat"],
                                          stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                         for _ in range(2)]
        for p in self.sleepers:
            assert p.stdout.readline() == b"in\n"

    def far(self):
        return ["nsenter", "-t", str(self.sleepers[1].pid), "-n"]

    def on(self, host):
        return [self.enchufe, "run", "--net", "taptest", "--on", host, "--"]

    def wire(self):
        m, s = self.sleepers
        forward = "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1"
        for p in (None, m, s):
            sh("ip link set lo up", p)
        sh(f"""{forward}
            ip link add narrow0 mtu {NARROW} type veth peer name narrow1 mtu {NARROW}
            ip link set narrow1 netns {m.pid}
            ip addr add 10.50.0.1/24 dev narrow0
            ip -6 addr add fd50::1/64 dev narrow0 nodad
            ip link set narrow0 up""")
        sh(f"""{forward}
            ip link add wide0 type veth peer name wide1
            ip link set wide1 netns {s.pid}
            ip addr add 10.50.0.2/24 dev narrow1
            ip -6 addr add fd50::2/64 dev narrow1 nodad
            ip addr add 10.51.0.1/24 dev wide0
            ip -6 addr add fd51::1/64 dev wide0 nodad
            ip link set narrow1 up
            ip link set wide0 up
            ip route add default via 10.50.0.1
            ip -6 route add default via fd50::1""", m)
        sh("""ip addr add 10.51.0.2/24 dev wide1
            ip addr add 10.51.0.3/24 dev wide1
            ip -6 addr add fd51::2/64 dev wide1 nodad
            ip -6 addr add fd51::3/64 dev wide1 nodad
            ip link set wide1 up
            ip route add default via 10.51.0.1
            ip -6 route add default via fd51::1""", s)
        sh("""ip route add 10.51.0.0/24 via 10.50.0.2
            ip -6 route add fd51::/64 via fd50::2
            ip rule add ipproto icmp to 192.168.71.2 blackhole
            ip -6 rule add ipproto ipv6-icmp to fd71::2 blackhole""")

    def up(self):
        tap_test.NETFILE = NETFILE
        open(os.path.join(self.dir, "net.yaml"), "w").write(NETFILE)
        r = subprocess.run([self.enchufe, "up", os.path.join(self.dir, "net.yaml")],
                           env=self.env, capture_output=True, text=True, timeout=30)
        assert r.returncode == 0, r.stderr
        self.wire()
        for k in range(2):
            sh(f"""ip addr add 192.168.7{k}.1/24 dev ench{k}
                ip -6 addr add fd7{k}::1/64 dev ench{k} nodad
                ip link set ench{k} up""")
        self.sink = subprocess.Popen([*self.far(), sys.executable, "-c", SINK],
                                     stdout=subprocess.PIPE)
        assert self.sink.stdout.readline() == b"listens\n"

    def down(self):
        for p in (getattr(self, "sink", None), *self.sleepers):
            if p:
                p.kill()
                p.wait()
        super().down()

    def learns(self, code, host, far):
        r = self.run(self.on(host), [sys.executable, "-c", code, far])
        assert r.returncode == 0, r.stderr
        return r.stdout.splitlines()


def fetched(w, host, v):
    """S's curl fetches from a server on enchufe: it is enchufe that sends long segments."""
    name = OURS[host][v] if v == "4" else f"[{OURS[host][v]}]"
    got = os.path.join(w.dir, "got")
    r = w.run(w.far(), [*CURL, "-o", got, f"http://{name}:8000/big"])
    assert r.returncode == 0, r.stderr
    assert sha256(got) == w.sum, "other bytes"


def datagram_first(w, v):
    got = w.learns(FIRST, "box", ALSO_FAR[v])
    assert got == ["1500 1400", "[8]", f"EMSGSIZE {NARROW}"], got


def told(w, v):
    """By ICMP: TCP gets through, and what it has learnt holds for datagrams."""
    most = NARROW - (28 if v == "4" else 48)
    got = w.learns(ASK, "box", FAR[v])
    assert got == [f"TCP 300000 {NARROW}", f"UDP {NARROW}",
                   f"{most} {most}", f"{most + 1} EMSGSIZE"], got


def finds_out(w, v):
    got = w.learns(ALONE, "hole", FAR[v])
    assert got == ["300000 True", "1", "600"], got


def reachable(w, host, v):
    name = OURS[host][v] if v == "4" else f"[{OURS[host][v]}]"
    assert w.wait_for(w.far(), f"http://{name}:8000/"), "the server does not answer"


def main():
    if os.geteuid() != 0:
        tap_test.skip_all("namespaces within namespaces are for root")
    enter_namespace()
    w, t = World(sys.argv[1]), tap.Tap()
    try:
        t.run("two hosts and two routers", w.up)
        for host in OURS:
            w.serve(w.on(host))
        for v in "46":
            t.run(f"a datagram that is too long comes back, IPv{v}",
                  lambda v=v: datagram_first(w, v))
            t.run(f"a path that says so, IPv{v}", lambda v=v: told(w, v))
            t.run(f"a path that says nothing, IPv{v}", lambda v=v: finds_out(w, v))
            for host in OURS:
                t.run(f"{host} answers, IPv{v}", lambda h=host, v=v: reachable(w, h, v))
                t.run(f"a file from {host}, IPv{v}", lambda h=host, v=v: fetched(w, h, v))
    finally:
        w.down()
    t.done()


if __name__ == "__main__":
    main()
