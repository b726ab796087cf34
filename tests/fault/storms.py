"""Processes, threads and descriptors come and go under live sockets. An ordinary
program: on the kernel and on enchufe it must print the same.
usage: storms.py STORM PORT
SPDX-License-Identifier: BSD-2-Clause"""

import array
import errno
import os
import random
import resource
import select
import signal
import socket
import subprocess
import sys
import threading
import time

PORT = int(sys.argv[2])


def listener(backlog=128):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", PORT))
    s.listen(backlog)
    return s


def dial():
    s = socket.create_connection(("127.0.0.1", PORT))
    s.settimeout(100)
    return s


def echo_until_end(s):
    while d := s.recv(65536):
        s.sendall(d)


def ask(s, what):
    s.sendall(what)
    got = b""
    while len(got) < len(what):
        d = s.recv(len(what) - len(got))
        if not d:
            break
        got += d
    assert got == what, (got[:20], what[:20])


def forks():
    """A process for each connection, half of which die by -9."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    door = listener()
    if os.fork() == 0:
        while True:
            s = door.accept()[0]
            if os.fork() == 0:
                door.close()
                for _ in range(2):
                    s.sendall(s.recv(100))
                os.kill(os.getpid(), signal.SIGKILL)
            s.close()
    ends = 0
    for k in range(200):
        s = dial()
        ask(s, b"hello %d" % k)
        ask(s, b"again %d" % k)
        ends += s.recv(1) == b""
        s.close()
    print("ends", ends)
    os.killpg(0, signal.SIGTERM)


def prefork():
    """Eight processes accept from one listener; one is killed now and then."""
    door = listener()

    def worker():
        while True:
            s = door.accept()[0]
            try:
                echo_until_end(s)
            except OSError:
                pass
            s.close()

    def spawn():
        pid = os.fork()
        if pid == 0:
            worker()
        return pid

    workers = [spawn() for _ in range(8)]
    served = 0
    for k in range(300):
        if k % 20 == 19:  # an idle one: nobody is connected now
            victim = workers.pop(0)
            os.kill(victim, signal.SIGKILL)
            os.waitpid(victim, 0)
            workers.append(spawn())
        s = dial()
        ask(s, b"x" * (k + 1))
        s.close()
        served += 1
    print("served", served)
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def spawns():
    """exec and posix_spawn while threads use sockets."""
    door = listener()

    def serve():
        while True:
            threading.Thread(target=echo_until_end, args=(door.accept()[0],),
                             daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    stop, rounds = [], [0, 0, 0]

    def play(n):
        s = dial()
        while not stop:
            ask(s, os.urandom(1000))
            rounds[n] += 1
        s.close()

    players = [threading.Thread(target=play, args=(n,)) for n in range(3)]
    for p in players:
        p.start()
    for k in range(60):
        if k % 2:
            assert subprocess.run(["/bin/true"], check=False).returncode == 0
        else:
            pid = os.posix_spawn("/bin/true", ["true"], os.environ)
            assert os.waitpid(pid, 0)[1] == 0
    stop.append(1)
    for p in players:
        p.join(100)
        assert not p.is_alive()
    print("all play", all(rounds))


def close_races():
    """One thread closes, or shuts down, what another sleeps on."""
    door = listener()
    seen = {}
    for k in range(60):
        a = dial()
        b = door.accept()[0]
        b.settimeout(None)
        result = []

        def sleep(b=b, result=result):
            try:
                result.append("data" if b.recv(10) else "EOF")
            except OSError as e:
                result.append(errno.errorcode[e.errno])

        t = threading.Thread(target=sleep)
        t.start()
        time.sleep(0.001 * (k % 4))
        if k % 3 == 0:
            b.shutdown(socket.SHUT_RDWR)
        elif k % 3 == 1:
            a.close()
        else:
            a.shutdown(socket.SHUT_WR)
        t.join(100)
        assert not t.is_alive(), f"still asleep, way {k % 3}"
        seen.setdefault(k % 3, set()).update(result)
        a.close()
        b.close()
    print({k: sorted(v) for k, v in sorted(seen.items())})


def numbers():
    """dup2 over sockets, and numbers that are used again at once."""
    door = listener()
    r = random.Random(5)
    pairs = []
    for k in range(400):
        a = dial()
        b = door.accept()[0]
        pairs.append((a, b))
        if len(pairs) > 8:
            x, y = pairs.pop(r.randrange(len(pairs) - 1))
            null = os.open("/dev/null", os.O_RDWR)
            os.dup2(null, x.fileno())  # the peer sees the end
            assert y.recv(1) == b""
            if k % 2:  # and a socket on the number of a file
                os.dup2(a.fileno(), null)
                n = socket.socket(fileno=null)
                n.sendall(b"by the other number")
                assert b.recv(100) == b"by the other number"
                n.close()
            else:
                os.close(null)
            x.close()
            y.close()
        ask_b = b"%d" % k
        a.sendall(ask_b)
        assert b.recv(100) == ask_b
    print("numbers", len(pairs))


def passing():
    """Descriptors through a Unix socket to a process without our memory."""
    door = listener()
    here, there = socket.socketpair()
    code = ("import array, socket, sys\n"
            "u = socket.socket(fileno=int(sys.argv[1]))\n"
            "while True:\n"
            "    m, a, _, _ = u.recvmsg(1, socket.CMSG_SPACE(4))\n"
            "    if not m: break\n"
            "    s = socket.socket(fileno=array.array('i', a[0][2])[0])\n"
            "    s.sendall(b'from ' + s.recv(100))\n"
            "    s.close()\n")
    p = subprocess.Popen([sys.executable, "-c", code, str(there.fileno())],
                         pass_fds=[there.fileno()])
    there.close()
    for k in range(50):
        a = dial()
        b = door.accept()[0]
        here.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                               array.array("i", [b.fileno()]))])
        b.close()
        a.sendall(b"%d" % k)
        assert a.recv(100) == b"from %d" % k
        assert a.recv(1) == b""
        a.close()
    here.close()
    print("passed", p.wait(100))


def daemons():
    """A double fork keeps the connection when all its elders are gone."""
    door = listener()
    for k in range(20):
        pid = os.fork()
        if pid == 0:
            s = door.accept()[0]
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(0.02)
                    echo_until_end(s)
                os._exit(0)
            os._exit(0)
        a = dial()
        os.waitpid(pid, 0)
        ask(a, b"still there %d" % k)
        a.close()
    print("daemons")


def exhaustion():
    """No descriptors left: EMFILE, and all is well again afterwards."""
    door = listener()
    resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
    for _ in range(3):
        held, what = [], None
        while what is None:
            try:
                held.append(dial())
                held.append(door.accept()[0])
            except OSError as e:
                what = errno.errorcode[e.errno]
        print(what)
        for s in held:
            s.close()
        door.setblocking(False)
        try:
            while True:
                door.accept()[0].close()
        except BlockingIOError:
            door.setblocking(True)
        a = dial()
        b = door.accept()[0]
        a.sendall(b"well")
        print(b.recv(9))
        a.close()
        b.close()


def wakeups():
    """Ball between processes with tiny delays, by every way to wait."""
    door = listener()

    def waiter(way, s):
        if way == "epoll":
            e = select.epoll()
            e.register(s, select.EPOLLIN | select.EPOLLET)
            return lambda: e.poll(100)
        if way == "poll":
            p = select.poll()
            p.register(s, select.POLLIN)
            return lambda: p.poll(100000)
        return lambda: [1]

    for way in ("block", "poll", "epoll"):
        pid = os.fork()
        r = random.Random(pid and 3 or 4)
        s = dial() if pid else door.accept()[0]
        s.settimeout(100)
        wait = waiter(way, s)
        n = 0
        if pid:
            s.sendall(b"b")
        while n < 3000:
            if not wait():
                print(way, "asleep at", n)
                break
            d = s.recv(1)
            if not d:
                break
            n += 1
            if r.randrange(3) == 0:
                until = time.monotonic() + r.randrange(100) * 1e-6
                while time.monotonic() < until:
                    pass
            s.sendall(d)
        if not pid:
            os._exit(0)
        s.close()
        os.waitpid(pid, 0)
        print(way, "done", n >= 2999)


globals()[sys.argv[1]]()
