#!/usr/bin/env python3
"""A host behind a device of the kernel and the kernel itself: what goes between them
arrives as it was, in super-segments while the link needs no single frames, in frames
when it does. The device is a TAP, or one end of a veth by a packet socket.
SPDX-License-Identifier: BSD-2-Clause"""

import ctypes
import hashlib
import os
import random
import socket
import struct
import subprocess
import threading

import tap
from enchufe import LIMIT_S, each_in_a_world, ends, eventually

CLONE_NEWNET = 0x40000000
NET = """network: device
hosts:
  box:
links:
  - name: out
    %s: {host: box, device: %s, addresses: [192.168.50.2/24, "fd50::2/64"]}
"""
DEVICES = {"tap": "ench0", "packet": "ench1"}  # ench0 is the kernel's side of both
KERNEL = {socket.AF_INET: "192.168.50.1", socket.AF_INET6: "fd50::1"}
BOX = {socket.AF_INET: "192.168.50.2", socket.AF_INET6: "fd50::2"}
BYTES = 20_000_000
FRAME = 1514

# Sends BYTES of a seed's bytes to who connects, or takes what comes: prints its digest.
PROGRAM = """
import hashlib, random, socket, sys
what, address, port, n = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
s = socket.create_connection((address, port))
if what == "send":
    data = random.Random(5).randbytes(n)
    s.sendall(data)
    s.shutdown(socket.SHUT_WR)
    s.recv(1)
else:
    h = hashlib.sha256()
    while data := s.recv(1 << 18):
        h.update(data)
    print(h.hexdigest())
"""


def ip(*args):
    subprocess.run(["ip", *args], check=True, capture_output=True, timeout=LIMIT_S)


def setup(world, kind):
    """The service, and all else of this test, in a network of its own."""
    if os.geteuid() != 0 or (kind == "tap" and not os.path.exists("/dev/net/tun")):
        raise tap.Skip("needs root, and for a TAP /dev/net/tun")
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) < 0:
        raise tap.Skip("no network namespace of one's own")
    ip("link", "set", "lo", "up")
    if kind == "packet":
        ip("link", "add", "ench0", "type", "veth", "peer", "name", "ench1")
        ip("link", "set", "ench1", "up")
    world.up(NET % (kind, DEVICES[kind]))
    ip("addr", "add", "192.168.50.1/24", "dev", "ench0")
    ip("addr", "add", "fd50::1/64", "dev", "ench0", "nodad")
    ip("link", "set", "ench0", "up")


def counts(way):
    """Bytes and packets of the device; sysfs would show another namespace's."""
    out = subprocess.run(["ip", "-s", "-s", "link", "show", "ench0"], check=True,
                         capture_output=True, text=True, timeout=LIMIT_S).stdout
    lines = out.splitlines()
    at = next(k for k, line in enumerate(lines) if line.strip().startswith(way + ":"))
    return [int(x) for x in lines[at + 1].split()[:2]]


def serve(listener, what, result):
    c, _ = listener.accept()
    with c:
        if what == "send":  # the box does
            h = hashlib.sha256()
            while data := c.recv(1 << 18):
                h.update(data)
            result.append(h.hexdigest())
        else:
            data = random.Random(5).randbytes(BYTES)
            c.sendall(data)


def transfer(world, family, what, meanwhile=None):
    """The box sends or takes; nothing may be lost or changed."""
    want = hashlib.sha256(random.Random(5).randbytes(BYTES)).hexdigest()
    result = []
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.bind((KERNEL[family], 0))
        listener.listen(1)
        t = threading.Thread(target=serve, args=(listener, what, result), daemon=True)
        t.start()
        p = world.python_on("box", PROGRAM, what, KERNEL[family],
                            str(listener.getsockname()[1]), str(BYTES))
        if meanwhile:
            meanwhile()
        status, out, err = ends(p)
        t.join(LIMIT_S)
    assert status == 0, err
    got = result[0] if what == "send" else out.strip()
    assert got == want, f"{what}: other bytes came"


def average(way, run):
    n, packets = counts(way)
    run()
    n2, packets2 = counts(way)
    return (n2 - n) / (packets2 - packets)


def whole_both_ways(world, kind):
    setup(world, kind)
    for family in (socket.AF_INET, socket.AF_INET6):
        size = average("RX", lambda: transfer(world, family, "send"))
        assert size > FRAME, f"we sent frames of {size} bytes"
        size = average("TX", lambda: transfer(world, family, "take"))
        assert size > FRAME, f"the kernel sent frames of {size} bytes"


def command(world, *args):
    done = world.call(*args)
    assert done.returncode == 0, done.stderr


def longest(path):
    """Of the frames in a pcapng file; how many there are."""
    with open(path, "rb") as f:
        data = f.read()
    at = most = n = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if kind == 6:
            n += 1
            most = max(most, struct.unpack_from("<I", data, at + 24)[0])
        at += length
    return most, n


def frames_when_somebody_needs_them(world, kind):
    setup(world, kind)
    path = world.path("out.pcapng")

    def delayed():
        command(world, "link", "set", "out", "delay", "1ms")
        command(world, "link", "set", "out", "delay", "0ms")

    for what in ("send", "take"):
        transfer(world, socket.AF_INET, what, delayed)
    command(world, "capture", "out", path)
    size = average("TX", lambda: transfer(world, socket.AF_INET, "take"))
    # A TAP is told; to a packet socket the kernel gives what it has, and the link cuts.
    assert size <= FRAME or kind == "packet", f"frames of {size} bytes for a capture"
    size = average("RX", lambda: transfer(world, socket.AF_INET6, "send"))
    assert size <= FRAME, f"frames of {size} bytes for a capture"
    eventually(lambda: longest(path)[1] > 2 * BYTES // FRAME, "all of it in the file")
    assert longest(path)[0] <= FRAME, longest(path)


def refusals(world):
    """What is wrong with the interface is said."""
    setup(world, "packet")
    for device, more, says in (
            ("none", "", "packet out, device none: there is no such interface"),
            ("lo", "", "it is no Ethernet interface"),
            ("ench1", "    mtu: 9000\n", "mtu is larger than the interface's")):
        file = world.write("bad.yaml", "network: bad\nhosts: {box: }\nlinks:\n"
                           f"  - name: out\n    packet: {{host: box, device: {device}}}\n"
                           + more)
        done = world.call("up", file)
        assert done.returncode != 0 and says in done.stderr, done.stderr


def of(kind, test):
    def run(world):
        test(world, kind)
    run.__name__ = f"{test.__name__}_{kind}"
    return run


each_in_a_world(*[of(kind, test) for kind in DEVICES
                  for test in (whole_both_ways, frames_when_somebody_needs_them)],
                refusals)
