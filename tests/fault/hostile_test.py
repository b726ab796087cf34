"""Hostile neighbours: garbage on the service's doors, and a program that scribbles
all over its host's arena. The service lives, its memory and descriptors do not
grow, other hosts' data is right.
usage: hostile_test.py BUILD [TOOLS]   (TOOLS: where arena is, if not in BUILD)
SPDX-License-Identifier: BSD-2-Clause"""

import os
import random
import socket
import struct
import sys
import time

from tap import Tap
from world import World, until

SEED = 20261121
MAGIC = 0x68636E45

NET = """network: fault
hosts:
  a: {}
  b: {}
  c: {}
links:
  - switch: [a, b, c]
"""

# A transfer of a known pattern, checked; says so at each megabyte.
SEND = """
import random, socket, sys
s = socket.create_connection((sys.argv[1], 7400))
s.settimeout(100)
r = random.Random(7)
for k in range(int(sys.argv[2])):
    s.sendall(r.randbytes(100000))
s.shutdown(socket.SHUT_WR)
assert s.recv(1) == b"k"
print("sent")
"""
RECEIVE = """
import random, socket, sys
l = socket.socket()
l.bind(("0.0.0.0", 7400))
l.listen()
print("listening", flush=True)
while True:
    s, who = l.accept()
    if who[0] == "10.0.0.1":  # the scribbled host: anything may come
        s.close()
        continue
    s.settimeout(100)
    r = random.Random(7)
    total = 0
    want = b""
    while True:
        d = s.recv(100000)
        if not d:
            break
        total += len(d)
        while len(want) < len(d):
            want += r.randbytes(100000)
        assert want[:len(d)] == d, total
        want = want[len(d):]
    s.sendall(b"k")
    s.close()
    print("received", total, flush=True)
"""
# Ordinary programs of the scribbler's host: whatever becomes of them.
VICTIM = """
import random, select, socket, sys, time
r = random.Random(int(sys.argv[1]))
while True:
    try:
        s = socket.socket(type=r.choice([socket.SOCK_STREAM, socket.SOCK_DGRAM]))
        s.settimeout(0.2)
        e = select.epoll()
        e.register(s, select.EPOLLIN | select.EPOLLOUT)
        s.connect((r.choice(["10.0.0.2", "127.0.0.1", "10.0.0.3"]), 7400))
        for _ in range(20):
            s.send(bytes(r.randrange(20000)))
            e.poll(0.001)
        s.recv(10)
    except Exception:
        time.sleep(0.001)
"""


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def resident(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4


def control(world):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(60)
    s.connect(os.path.join(world.folder, world.name + ".sock"))
    return s


def answers(world):
    assert world.service_pid() == world.service


def join_message(host=b"a", version=1, flags=0):
    return struct.pack("=III32s", MAGIC, version, flags, host)


def say(world, data, wait=True):
    """What the control socket answers to bytes of ours."""
    with control(world) as s:
        try:
            s.sendall(data)
            if wait:
                s.shutdown(socket.SHUT_WR)
                while s.recv(65536):
                    pass
        except OSError:
            pass  # it hung up on us: its right


def garbage(world, door):
    r = random.Random(SEED)
    commands = [b"status", b"status json", b"ping", b"link set", b"capture", b"down"]
    for _ in range(400):
        kind = r.randrange(6)
        if kind == 0:
            data = r.randbytes(r.randrange(300))
        elif kind == 1:
            data = join_message()[:r.randrange(44)]
        elif kind == 2:
            data = join_message(r.randbytes(32), r.choice([0, 1, 2**32 - 1]),
                                r.getrandbits(32))
        elif kind == 3:
            data = r.choice(commands[:-1]) + b" " + r.randbytes(50) + b"\n"
        elif kind == 4:
            data = bytes(r.choices(b"abc {}[]\"'%s%n-/.:", k=r.randrange(3000)))
        else:
            data = r.choice(commands[1:-1]) + b" " + b" ".join(
                bytes(r.choices(b"ab01-.%", k=r.randrange(40)))
                for _ in range(r.randrange(12))) + b"\n"
        door(world, data, r.random() < 0.8)
    answers(world)


def doors(world, tools):
    """The abstract names of our own service, and of no other."""
    found = []
    for host in "abc":
        prefix = arena(world, tools, host, "prefix").rest()[0]
        found += [prefix + "/s", prefix + "/d"]
    return found


def arena(world, tools, host, *what):
    path = os.path.join(world.folder, world.name + ".sock")
    return world.start(None, os.path.join(tools, "tests/fault/arena"), path, host,
                       *what)


def rendezvous(world, data, wait):
    for name in world.doors:
        kind = socket.SOCK_STREAM if name.endswith("/s") else socket.SOCK_DGRAM
        with socket.socket(socket.AF_UNIX, kind) as s:
            s.settimeout(60)
            try:
                s.connect("\0" + name)
                s.sendall(data[:1000])
                if wait and kind == socket.SOCK_STREAM:
                    s.shutdown(socket.SHUT_WR)
                    s.recv(100)
            except OSError:
                pass


def idle_clients(world):
    """Thousands that say nothing: others are still served, all are let go."""
    before = descriptors(world.service)
    many = []
    try:
        for k in range(3000):
            s = socket.socket(socket.AF_UNIX)
            s.setblocking(False)
            many.append(s)
            try:
                if k % 2:
                    s.connect(os.path.join(world.folder, world.name + ".sock"))
                else:
                    s.connect("\0" + world.doors[0])
            except OSError:
                pass
        until("an answer", lambda: world.command("status").returncode == 0)
    finally:
        for s in many:
            s.close()
    until("the descriptors' return",
          lambda: descriptors(world.service) <= before + 2)


def wrong_key(world):
    """Hellos in the right form without the host's secret."""
    for kind in range(5):
        for name in world.doors:
            if not name.endswith("/s"):
                continue
            with socket.socket(socket.AF_UNIX) as s:
                s.settimeout(60)
                s.connect("\0" + name)
                s.sendall(struct.pack("=IIQII", MAGIC, kind, 12345, 1, 1))
                assert s.recv(100) == b"", "an answer without the key"
    answers(world)


def no_growth(world):
    """The same again and again: neither memory nor descriptors grow."""
    garbage(world, say)
    garbage(world, rendezvous)
    until("quiet", lambda: descriptors(world.service) < 60)
    fds, kib = descriptors(world.service), resident(world.service)
    for _ in range(2):
        garbage(world, say)
        garbage(world, rendezvous)
    until("the descriptors' return",
          lambda: descriptors(world.service) <= fds + 2)
    grown = resident(world.service) - kib
    assert grown < 2000 or world.sanitized, f"{grown} KiB more"


def scribbled(build, tools, seed):
    """One host's arena is scribbled over while programs use it; between the two
    others all is well."""
    with World(build, NET) as world:
        receiver = world.start("b", sys.executable, "-c", RECEIVE)
        receiver.expect("listening")
        scribbler = arena(world, tools, "a", "scribble", str(seed))
        scribbler.expect("scribbling")
        for k in range(3):
            # They crash: programs of that host have no protection from it.
            world.start("a", "sh", "-c", 'while :; do "$@"; done', "victims",
                        sys.executable, "-c", VICTIM, str(seed + k))
        time.sleep(0.3)
        for _ in range(2):
            sender = world.start("c", sys.executable, "-c", SEND, "10.0.0.2", "50")
            assert sender.rest() == ["sent"], str(sender)
        world.forget()
        answers(world)
        end_in_order(world)


def end_in_order(world):
    assert world.command("down", world.name).returncode == 0
    until("the service's end",
          lambda: not os.path.exists(f"/proc/{world.service}"))


def main():
    tap = Tap()
    build = sys.argv[1]
    tools = sys.argv[2] if len(sys.argv) > 2 else build
    with World(build, NET) as world:
        world.sanitized = tools != build or "ENCHUFE_SERVICE" in os.environ
        world.doors = doors(world, tools)
        tap.diag(f"doors {world.doors}, seed {SEED}")
        tap.run("garbage on the control socket", garbage, world, say)
        tap.run("garbage on the rendezvous", garbage, world, rendezvous)
        tap.run("no answer without the key", wrong_key, world)
        tap.run("thousands of idle clients", idle_clients, world)
        tap.run("nothing grows", no_growth, world)
        tap.run("the service lives", answers, world)
    for seed in range(1, 4):
        tap.run(f"a scribbled arena, seed {seed}", scribbled, build, tools, seed)
    tap.done()


main()
