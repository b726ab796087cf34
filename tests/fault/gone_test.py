"""The service ends, by -9, by SIGTERM or by `down`: what lies within a host goes
on, connections to other hosts are reset whatever call their users sleep in, new
calls fail at once, and the next network works.
usage: gone_test.py BUILD
SPDX-License-Identifier: BSD-2-Clause"""

import os
import signal
import sys
import time

from tap import Tap
from world import World, until

CALLS = ["recv", "timed", "waitall", "threads", "send", "poll", "select",
         "epoll", "epoll_et", "epoll_out", "poll_nothing"]

# Two processes of one host that play ball, and say when they have been told to go
# on after the service's death.
BALL = """
import os, socket, sys
l = socket.socket()
l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
l.bind(("127.0.0.1", 7300))
l.listen()
if os.fork() == 0:
    s = socket.create_connection(("127.0.0.1", 7300))
    while True:
        d = s.recv(65536)
        if not d:
            os._exit(0)
        s.sendall(d)
s = l.accept()[0]
def play(n):
    for k in range(n):
        s.sendall(bytes([k % 251]) * 1000)
        left = 1000
        while left:
            d = s.recv(left)
            assert d == bytes([k % 251]) * len(d) and d, d
            left -= len(d)
play(10)
print("playing", flush=True)
sys.stdin.readline()
while os.path.exists(sys.argv[1]):
    play(10)
play(500)
print("played", flush=True)
"""

# What a program that goes on gets from the network calls that need the service.
AFTER = """
import errno, os, socket, sys, time
s = socket.socket()
u = socket.socket(type=socket.SOCK_DGRAM)
print("ready", flush=True)
while os.path.exists(sys.argv[1]):
    time.sleep(0.02)
time.sleep(0.2)
s.settimeout(60)
try:
    s.connect(("10.0.0.1", 9))
    print("connected?")
except OSError as e:
    print("connect", errno.errorcode.get(e.errno, e))
try:
    u.sendto(b"x", ("10.0.0.1", 9))
except OSError as e:
    pass
if os.fork() == 0:
    try:
        socket.socket().close()
    except OSError as e:
        pass
    os._exit(0)
os.wait()
print("over")
"""


def end_service(world, how):
    if how == "down":
        assert world.command("down", world.name).returncode == 0
    else:
        os.kill(world.service, how)
    until("the service's end", lambda: not alive(world.service))


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def sleepers(world, how):
    """All calls at once; the service ends under them."""
    pairs = []
    for n, call in enumerate(CALLS):
        port = 7000 + n
        victim = "unread" if call in ("send", "epoll_out", "poll_nothing") \
            else "pause"
        listener = world.actor("a", "listen", call, "0.0.0.0", port)
        listener.expect("listening")
        dialler = world.actor("b", "dial", call if victim == "pause" else victim,
                              "10.0.0.1", port)
        pairs.append((call, listener, dialler))
    for _, listener, dialler in pairs:
        listener.expect("asleep")
        dialler.expect("asleep")
    time.sleep(0.1)
    end_service(world, how)
    wrong = []
    for call, listener, dialler in pairs:
        for p in (listener, dialler):
            if p is dialler and call in ("send", "epoll_out", "poll_nothing"):
                continue
            try:
                lines = p.rest()
            except AssertionError as error:
                wrong.append(f"{call}: {error}")
                continue
            text = " ".join(lines)
            if not any(w in text for w in ("ECONNRESET", "POLLERR", "broken",
                                           "select 1")):
                wrong.append(f"{call}: {lines}")
    world.forget()
    assert not wrong, "\n".join(wrong)


def go_on(world, how):
    """A transfer within a host, and what new calls say."""
    flag = os.path.join(world.folder, "alive")
    with open(flag, "w", encoding="ascii"):
        pass
    ball = world.start("a", sys.executable, "-c", BALL, flag)
    after = world.start("b", sys.executable, "-c", AFTER, flag)
    ball.expect("playing")
    after.expect("ready")
    end_service(world, how)
    os.unlink(flag)
    ball.expect("played")
    line = after.line()
    assert line in ("connect ENETDOWN", "connect ECONNREFUSED",
                    "connect ECONNRESET", "connect ENETUNREACH"), line
    after.expect("over")
    assert after.wait() == 0, str(after)
    world.forget()


def next_works(world):
    """After the service's death: up again, and programs meet."""
    world.up()
    listener = world.actor("a", "listen", "recv", "0.0.0.0", 7000)
    listener.expect("listening")
    dialler = world.actor("b", "dial", "pause", "10.0.0.1", 7000)
    dialler.expect("asleep")
    listener.expect("asleep")
    dialler.kill()
    listener.expect("recv EOF")
    world.forget()


def default_again(build):
    """`run` without a network finds the dead service's socket and starts anew."""
    with World(build) as world:
        for _ in range(3):
            done = world.command("run", "--", sys.executable, "-c",
                                 "import socket; socket.socket(); print('here')")
            assert done.stdout == "here\n", done.stderr
            status = world.command("status", "--json")
            assert status.returncode == 0, status.stderr
            pid = int(status.stdout.split('"service_pid":')[1].split(",")[0])
            os.kill(pid, signal.SIGKILL)
            until("the service's end", lambda p=pid: not alive(p))


def no_files_left(world):
    left = [n for n in os.listdir(world.folder)
            if n.endswith(".sock") or n.endswith(".hosts")]
    assert not left, left


def main():
    tap = Tap()
    build = sys.argv[1]
    with World(build) as world:
        for how, name in ((signal.SIGKILL, "kill -9"), (signal.SIGTERM, "SIGTERM"),
                          ("down", "down")):
            tap.run(f"{name}: who sleeps is woken", sleepers, world, how)
            tap.run(f"{name}: the next network works", next_works, world)
            tap.run(f"{name}: a host goes on within itself", go_on, world, how)
            if how != signal.SIGKILL:
                tap.run(f"{name}: no files are left", no_files_left, world)
            tap.run(f"{name}: and the next works", next_works, world)
    tap.run("run starts a new default network", default_again, build)
    tap.done()


main()
