#!/usr/bin/env python3
"""Packet sockets in programs: tcpdump sees what passes a virtual host, between hosts
and on lo; arping and dumps of one's own send and receive frames.
SPDX-License-Identifier: BSD-2-Clause"""

import functools
import os
import shutil
import signal
import struct
import subprocess

import tap
from enchufe import each_in_a_world, ends, eventually

NET = """network: dump
hosts:
  a:
  b:
links:
  - name: wire
    between: [a, b]
    addresses: {a: [10.6.0.1/24, "fd06::1/64"], b: [10.6.0.2/24, "fd06::2/64"]}
"""

# Answers once over TCP, and over UDP until it is killed.
SERVER = """
import socket, sys, threading
family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
t = socket.create_server((sys.argv[1], 7100), family=family)
u = socket.socket(family, socket.SOCK_DGRAM); u.bind((sys.argv[1], 7101))
def tcp():
    while True:
        c = t.accept()[0]; c.sendall(c.recv(100)); c.close()
threading.Thread(target=tcp, daemon=True).start()
print("ready")
while True:
    data, who = u.recvfrom(100); u.sendto(data, who)
"""
# An echo, a datagram and a connection; all with words to look for.
CLIENT = """
import socket, struct, sys
host = sys.argv[1]; six = ":" in host
family = socket.AF_INET6 if six else socket.AF_INET
p = socket.socket(family, socket.SOCK_DGRAM,
    socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP)
p.settimeout(20)
p.sendto(struct.pack("!BBHHH", 128 if six else 8, 0, 0, 0, 1) + b"by echo", (host, 0))
assert p.recv(100).endswith(b"by echo")
u = socket.socket(family, socket.SOCK_DGRAM); u.settimeout(0.5)
while True:
    u.sendto(b"by datagram", (host, 7101))
    try: assert u.recv(100) == b"by datagram"; break
    except TimeoutError: pass
t = socket.create_connection((host, 7100), 20)
t.sendall(b"by stream")
assert t.recv(100) == b"by stream" and t.recv(100) == b""
"""


def need(*programs):
    for name in programs:
        if not shutil.which(name):
            raise tap.Skip(f"{name} is not installed")


class Dump:
    """A tcpdump that has begun to look, and what it has written."""

    def __init__(self, w, host, interface, *words):
        need("tcpdump")
        where = ["--on", host] if host else []
        self.file = w.path(f"{host}-{interface}.pcap")
        self.program = w.start("run", *where, "--", "tcpdump", "-Z", "root", "-n", "-U",
            "-i", interface, "-w", self.file, *words)
        line = self.program.stderr.readline()
        while "listening on" not in line:
            assert line, "tcpdump has ended"
            line = self.program.stderr.readline()

    def packets(self):
        """What lies in the file so far; without a last one that is cut off."""
        data = open(self.file, "rb").read() if os.path.exists(self.file) else b""
        found, at = [], 24
        while at + 16 <= len(data):
            kept, = struct.unpack_from("=I", data, at + 8)
            if at + 16 + kept > len(data):
                break
            found.append(data[at + 16:at + 16 + kept])
            at += 16 + kept
        return found

    def until(self, what, check):
        eventually(lambda: check(self.packets()), f"{what} in {self.file}")

    def end(self):
        self.program.send_signal(signal.SIGINT)
        status, _, err = ends(self.program)
        assert status == 0, err
        return err

    def read(self):
        """As tcpdump itself reads it."""
        done = subprocess.run(["tcpdump", "-n", "-r", self.file], capture_output=True,
                              text=True, timeout=30)
        assert done.returncode == 0, done.stderr
        return done.stdout


def holds(packets, word):
    return sum(word in p for p in packets)


def all_there(packets, both_ways):
    """On lo each packet passes twice, but libpcap leaves out those that go out."""
    return all(holds(packets, word) >= both_ways
               for word in (b"by echo", b"by datagram", b"by stream"))


def talk(w, server_on, client_on, address):
    server = w.python_on(server_on, SERVER, address)
    assert server.stdout.readline() == "ready\n"
    assert ends(w.python_on(client_on, CLIENT, address)) == (0, "", "")
    return server


def between_hosts(w):
    w.up(NET)
    dumps = [Dump(w, "a", "eth0"), Dump(w, "b", "any")]
    talk(w, "b", "a", "10.6.0.2")
    for dump in dumps:
        dump.until("what was said", lambda packets: all_there(packets, 2))
        err = dump.end()
        assert "0 packets dropped by kernel" in err, err
        text = dump.read()
        for line in ("ARP, Request who-has 10.6.0.2", "ICMP echo reply",
                     "> 10.6.0.2.7101: UDP, length 11", "> 10.6.0.2.7100: Flags [S]",
                     "10.6.0.2.7100 > "):
            assert line in text, (line, text)


def ipv6_between_hosts(w):
    w.up(NET)
    dump = Dump(w, "b", "eth0", "ip6")
    talk(w, "b", "a", "fd06::2")
    dump.until("what was said", lambda packets: all_there(packets, 2))
    dump.end()
    text = dump.read()
    assert "ICMP6, echo reply" in text and "neighbor solicitation" in text, text
    assert "ARP" not in text, text


def on_lo(w):
    dump = Dump(w, None, "lo")
    talk(w, None, None, "127.0.0.1")
    dump.until("what was said", lambda packets: all_there(packets, 2))
    dump.end()
    text = dump.read()
    assert "127.0.0.1.7100: Flags [S]" in text and "Flags [S.]" in text, text


def afterwards_memory_again(w):
    """When nobody watches lo any more, connections go by memory."""
    dump = Dump(w, None, "lo")
    server = talk(w, None, None, "127.0.0.1")
    dump.until("what was said", lambda packets: all_there(packets, 2))
    dump.end()
    again = ("import socket, time\n"
             "t = socket.create_connection(('127.0.0.1', 7100)); print('there')\n"
             "time.sleep(100)\n")

    def by_memory():
        client = w.python_on(None, again)
        assert client.stdout.readline() == "there\n"
        via = [s for s in w.sockets("default") if s["state"] == "connected"]
        client.kill()
        return any(s.get("via") == "local" for s in via)
    eventually(by_memory, "a connection in shared memory")
    assert server.poll() is None


def a_filter(w):
    dump = Dump(w, None, "lo", "udp port 7101 and less 60")
    talk(w, None, None, "127.0.0.1")
    dump.until("datagrams", lambda packets: holds(packets, b"by datagram") >= 2)
    dump.end()
    assert holds(dump.packets(), b"by datagram") == len(dump.packets())


def counted(w):
    """-c ends it, -s cuts, -p and immediate mode work."""
    need("tcpdump")
    dump = Dump(w, None, "lo", "-c", "2", "-s", "50", "-p", "--immediate-mode",
                "udp port 7101")
    talk(w, None, None, "127.0.0.1")
    status, _, err = ends(dump.program)
    assert status == 0 and "2 packets captured" in err, err
    assert {len(p) for p in dump.packets()} == {50}, dump.packets()


def interfaces_listed(w):
    need("tcpdump")
    w.up(NET)
    done = w.call("run", "--on", "a", "--", "tcpdump", "-D")
    assert done.returncode == 0 and "eth0" in done.stdout and "any" in done.stdout, done
    done = w.call("run", "--on", "a", "--", "tcpdump", "-i", "eth7", "-c", "1")
    assert done.returncode == 1 and "No such device" in done.stderr, done


def arping_is_answered(w):
    need("arping")
    w.up(NET)
    done = w.call("run", "--on", "a", "--", "arping", "-c", "1", "-w", "20", "-I", "eth0",
                  "10.6.0.2")
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert "10.6.0.2" in done.stdout, done.stdout


# An Ethernet frame of no protocol, from one host to the other.
FRAME = """
import socket, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x88b5))
s.bind(("eth0", 0x88b5)); s.settimeout(20)
if sys.argv[1] == "wait":
    print("ready")
    frame, who = s.recvfrom(2000)
    print(frame[14:].decode(), who[0], hex(who[1]), who[2])
else:
    s.send(b"\\xff" * 6 + s.getsockname()[4] + b"\\x88\\xb5" + b"a frame of my own")
"""


def frames_of_ones_own(w):
    w.up(NET)
    waits = w.python_on("b", FRAME, "wait")
    assert waits.stdout.readline() == "ready\n"
    assert ends(w.python_on("a", FRAME, "send")) == (0, "", "")
    assert ends(waits) == (0, "a frame of my own eth0 0x88b5 1\n", "")


def only_for_root(w):
    if os.geteuid():
        raise tap.Skip("nobody to become")
    code = ("import os, socket\nos.setuid(65534)\n"
            "try: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)\n"
            "except PermissionError: print('refused')\n")
    assert ends(w.python_on(None, code)) == (0, "refused\n", "")


def by_root(test):
    @functools.wraps(test)
    def run(w):
        if os.geteuid() != 0:
            raise tap.Skip("packet sockets are root's")
        test(w)
    return run


each_in_a_world(*map(by_root, (
    between_hosts, ipv6_between_hosts, on_lo, afterwards_memory_again, a_filter, counted,
    interfaces_listed, arping_is_answered, frames_of_ones_own, only_for_root)))
