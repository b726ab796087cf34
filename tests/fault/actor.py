"""A program whose neighbour is killed, or which is killed itself: it connects,
falls asleep in the call that is named, and prints what it wakes up to. Plain
sockets: it runs on the kernel and on enchufe.
usage: actor.py listen|dial CALL HOST PORT
SPDX-License-Identifier: BSD-2-Clause"""

import errno
import os
import select
import socket
import struct
import sys
import threading
import time

EVENTS = [(getattr(select, n), n) for n in
          ("POLLIN", "POLLOUT", "POLLERR", "POLLHUP", "POLLRDHUP", "POLLPRI")]


def say(text):
    os.write(1, (text + "\n").encode())


def names(mask):
    return "|".join(n for bit, n in EVENTS if mask & bit) or "0"


def outcome(call, *args):
    """What a call gives, as text that does not depend on chance."""
    try:
        r = call(*args)
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error))
    return "EOF" if r == b"" else "bytes" if isinstance(r, bytes) else str(r)


def afterwards(s):
    """What the socket says once the sleeper has been woken."""
    s.setblocking(False)
    say("then recv " + outcome(s.recv, 10))
    say("then recv " + outcome(s.recv, 10))


def fill(s):
    """Until nothing more goes in."""
    s.setblocking(False)
    idle = 0
    while idle < 5:  # the window of a far peer opens a few times
        try:
            s.send(bytes(65536))
            idle = 0
        except BlockingIOError:
            idle += 1
            time.sleep(0.02)
    s.setblocking(True)


def sleep_recv(s):
    say("asleep")
    say("recv " + outcome(s.recv, 1000))


def sleep_timed(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 100, 0))
    sleep_recv(s)


def sleep_waitall(s):
    say("asleep")
    say("recv " + outcome(s.recv, 1000, socket.MSG_WAITALL))


def sleep_threads(s):
    seen = []
    sleepers = [threading.Thread(target=lambda: seen.append(outcome(s.recv, 9)))
                for _ in range(3)]
    for t in sleepers:
        t.start()
    say("asleep")
    for t in sleepers:
        t.join()
    say(" ".join(sorted(seen)))


def sleep_send(s):
    fill(s)
    say("asleep")
    s.settimeout(None)
    while True:
        r = outcome(s.send, bytes(65536))
        if not r.isdigit():
            say("send " + ("broken" if r in ("ECONNRESET", "EPIPE") else r))
            return


def sleep_poll(s, ask=select.POLLIN | select.POLLRDHUP):
    p = select.poll()
    p.register(s, ask)
    say("asleep")
    say("poll " + " ".join(names(e) for _, e in p.poll(100000)))
    afterwards(s)


def sleep_poll_nothing(s):
    fill(s)  # the peer dies with unread data: error and hang-up
    sleep_poll(s, 0)


def sleep_select(s):
    say("asleep")
    r = select.select([s], [], [s], 100)
    say(f"select {len(r[0])} {len(r[1])} {len(r[2])}")
    afterwards(s)


def sleep_epoll(s, ask=select.EPOLLIN | select.EPOLLRDHUP):
    with select.epoll() as e:
        e.register(s, ask)
        e.poll(0)
        say("asleep")
        say("epoll " + " ".join(names(m) for _, m in e.poll(100)))
        afterwards(s)


def sleep_epoll_et(s):
    sleep_epoll(s, select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLET)


def sleep_epoll_out(s):
    fill(s)
    with select.epoll() as e:
        e.register(s, select.EPOLLOUT | select.EPOLLET)
        e.poll(0)
        say("asleep")
        mask = 0
        while not mask & select.EPOLLERR:  # an edge of room may come before
            got = e.poll(100)
            if not got:
                break
            mask |= got[0][1]
        say("epoll " + names(mask))
        afterwards(s)


def sleep_pause(s):
    say("asleep")
    time.sleep(600)


def sleep_unread(s):
    """Never reads: dies with unread data."""
    sleep_pause(s)


def sleep_flood(s):
    say("asleep")
    while True:
        try:
            s.send(bytes(10000))
        except OSError:
            time.sleep(600)


CALLS = {n[len("sleep_"):]: f for n, f in globals().items()
         if n.startswith("sleep_")}


def main():
    role, call, host, port = sys.argv[1:]
    address = (host, int(port))
    if role == "listen":
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(5)
            say("listening")
            s = listener.accept()[0]
    else:
        s = socket.create_connection(address)
    CALLS[call](s)


main()
