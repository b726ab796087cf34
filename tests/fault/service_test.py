"""The service against those who mean it ill: garbage on its sockets, and an arena
scribbled over by a program that joined. It lives on, and so do other hosts.
SPDX-License-Identifier: BSD-2-Clause"""

import mmap
import os
import random
import select
import socket
import struct
import time

from enchufe import each_in_a_world, ends

MAGIC = 0x68636E45

THREE = """network: three
seed: 3
hosts:
  bad:
  a:
  b:
links:
  - switch: [bad, a, b]
    delay: 1ms
"""
# A thread for each caller: one that hangs or resets must not stop the others.
SERVE = """
import socket, threading
def serve(c):
    try: c.sendall(c.recv(100))
    except OSError: pass
    c.close()
l = socket.socket(); l.bind(("", 80)); l.listen(); print("ready")
while True:
    c, _ = l.accept()
    threading.Thread(target=serve, args=(c,), daemon=True).start()
"""
ASK = """
import socket, sys
for i in range(int(sys.argv[2])):
    c = socket.create_connection((sys.argv[1], 80))
    c.sendall(b"question"); assert c.recv(100) == b"question"; c.close()
    if not i: print("begun")
print("fine")
"""


def connect(w, net):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(60)
    s.connect(os.path.join(w.path("run"), net + ".sock"))
    return s


def join(w, net, host, flags=0, version=2):
    s = connect(w, net)
    s.sendall(struct.pack("<III32s", MAGIC, version, flags, host))
    data, fds, _, _ = socket.recv_fds(s, 16, 1)
    s.close()
    return struct.unpack("<iIII", data)[0], fds


def lives(w, net):
    assert [n["network"] for n in w.status()] == [net]


def others_work(w):
    done = ends(w.python_on("a", ASK, "b", "20"))
    assert done[:2] == (0, "begun\nfine\n"), done


def garbage_on_the_control_socket(w):
    rng = random.Random(1)
    w.up()
    for _ in range(200):
        s = connect(w, "two")
        kind = rng.randrange(4)
        data = rng.randbytes(rng.randrange(1, 9000))
        if kind == 1:
            data = struct.pack("<I", MAGIC) + data[:60]
        if kind == 2:
            data = rng.choice([b"status", b"link", b"capture", b"host", b"down2"]) + \
                b" " + data.replace(b"\n", b"") + b"\n"
        try:
            s.sendall(data)
            if kind == 3:
                s.shutdown(socket.SHUT_WR)
                s.recv(100)
        except OSError:
            pass
        s.close()
    idle = [connect(w, "two") for _ in range(100)]
    lives(w, "two")
    for s in idle:
        s.close()


def joins_that_are_not_right(w):
    w.up()
    assert join(w, "two", b"client")[0] == 0
    assert join(w, "two", b"nobody")[0] == -2
    assert join(w, "two", b"")[0] == -22
    assert join(w, "two", b"client", version=9)[0] == -71
    assert join(w, "two", b"x" * 32)[0] == -2
    lives(w, "two")


def garbage_at_the_rendezvous(w):
    w.up()
    rng = random.Random(2)
    status, fds = join(w, "two", b"client")
    assert status == 0
    arena = mmap.mmap(fds[0], 4096)
    os.close(fds[0])
    head = arena[:4096]
    at = head.find(b"enchufe/")
    prefix = head[at:head.index(b"\0", at)]
    key = struct.unpack_from("<Q", head, head.find(b"two\0") - 8)[0]
    for k in range(300):
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(60)
        s.connect(b"\0" + prefix + b"/s")
        hello = struct.pack("<IIQII", MAGIC, rng.randrange(1, 5),
                            key if k % 2 else rng.getrandbits(64),
                            rng.choice([0, 1, 2, 1 << 30, 0xFFFFFFFF]), rng.randrange(3))
        s.sendall(hello[:rng.choice([24, 24, 24, 7])])
        s.close()
    bell = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    bell.setblocking(False)
    for _ in range(500):
        try:
            bell.sendto(b"x" * 50, b"\0" + prefix + b"/d")
        except BlockingIOError:
            pass
    bell.close()
    lives(w, "two")


def scribble(arena, tables, rng, seconds):
    """Random words into the header and the first records of each table."""
    places = [(64, 4032)] + [(offset, 16384) for offset in tables]
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for _ in range(200):
            base, size = rng.choice(places)
            value = rng.choice([0, 1, 2, 3, 0xFFFFFFFF, rng.getrandbits(32)])
            struct.pack_into("<I", arena, base + 4 * rng.randrange(size // 4), value)


def a_scribbled_arena_hurts_nobody_else(w):
    w.up(THREE)
    rng = random.Random(3)
    server = w.python_on("b", SERVE)
    assert server.stdout.readline() == "ready\n"
    others_work(w)
    status, fds = join(w, "three", b"bad")
    assert status == 0
    arena = mmap.mmap(fds[0], os.fstat(fds[0]).st_size)
    os.close(fds[0])
    tables = struct.unpack_from("<IIQ8Q", arena, 0)[3:10]
    for _ in range(6):
        # Programs of that host may do as they like; the service may not.
        # The second round's find a damaged host, and may never get through.
        victims = [w.python_on("bad", ASK, "b", "100000") for _ in range(2)]
        for v in victims:
            select.select([v.stdout], [], [], 1)
        scribble(arena, tables, rng, 0.5)
        lives(w, "three")
        others_work(w)
        for v in victims:
            v.kill()
            v.communicate()
    lives(w, "three")
    others_work(w)


each_in_a_world(garbage_on_the_control_socket, joins_that_are_not_right,
                garbage_at_the_rendezvous, a_scribbled_arena_hurts_nobody_else)
