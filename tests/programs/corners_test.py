"""What unmodified programs meet at the edges: refused calls tried again, resets,
the terminal. SPDX-License-Identifier: BSD-2-Clause"""

import os
import pty
import select
import subprocess

from enchufe import LIMIT_S, ends
from real import PORT, main

RETRY = """
import socket, sys, time
s = socket.socket()
refused = 0
for _ in range(6000):
    if s.connect_ex((sys.argv[1], int(sys.argv[2]))) == 0:
        break
    refused += 1
    if refused == 2:
        print("refused")
    time.sleep(0.02)
s.sendall(b"at last"); print(s.recv(100))
"""
SERVE_ONE = """
import socket, sys
l = socket.create_server(("", int(sys.argv[1])))
c, _ = l.accept(); c.sendall(c.recv(100)[::-1])
"""

# A connected socket passed over a Unix socket.
GIVE = """
import socket, sys
l = socket.create_server(("127.0.0.1", 0))
c = socket.create_connection(l.getsockname())
s, _ = l.accept()
s.sendall(b"hello")
u = socket.socket(socket.AF_UNIX); u.bind(sys.argv[1]); u.listen(1)
x, _ = u.accept()
socket.send_fds(x, [b"x"], [c.fileno(), s.fileno()])
x.recv(1)
"""
TAKE = """
import errno, socket, sys, time
with socket.socket():
    pass
u = socket.socket(socket.AF_UNIX)
for _ in range(6000):
    if u.connect_ex(sys.argv[1]) == 0:
        break
    time.sleep(0.02)
c, s = (socket.socket(fileno=f) for f in socket.recv_fds(u, 1, 2)[1])
for call in (lambda: c.recv(100), lambda: c.send(b"back"), s.getpeername):
    try:
        print(call() if call != s.getpeername else call()[0], end=" ")
    except OSError as e:
        print(errno.errorcode[e.errno], end=" ")
"""

# What a non-blocking connect() tells, and what a reset leaves: errno or bytes.
CORNERS = """
import errno, select, socket, struct
l = socket.socket(); l.bind(("127.0.0.1", 0))
s = socket.socket(); s.setblocking(False)
def connect():
    e = s.connect_ex(l.getsockname())
    select.select([], [s], [], 60)
    print(errno.errorcode.get(e, e), end=" ")
connect(); connect(); l.listen(1); connect(); print()
a, _ = l.accept()
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
s.send(b"unread"); s.close()
for call in (a.getpeername, lambda: a.shutdown(socket.SHUT_RDWR), lambda: a.recv(100),
             lambda: a.recv(100)):
    try:
        print(call(), end=" ")
    except OSError as e:
        print(errno.errorcode[e.errno], end=" ")
"""
CORNERS_ON_LINUX = b"""EINPROGRESS ECONNREFUSED EINPROGRESS 
ENOTCONN ENOTCONN b'unread' ECONNRESET """
TERMINAL = """
import signal, sys
try:
    print("ready")
    signal.pause()
except KeyboardInterrupt:
    print("interrupted", sys.stdin.isatty())
    sys.exit(9)
"""


def connect_again(r):
    """The same socket until the server is there."""
    client = r.w.start(*r._on("client", r.python(RETRY, r.host, PORT)))
    assert client.stdout.readline() == "refused\n", client.stderr.read()
    server = r.server(*r.python(SERVE_ONE, PORT))
    assert ends(client)[:2] == (0, "b'tsal ta'\n")
    assert ends(server)[0] == 0


def passed(r):
    """Within a host it is the socket; on another it is not connected."""
    path = r.w.path("passed")
    server = r.server(*r.python(GIVE, path))
    client = r.w.start(*r._on("client", r.python(TAKE, path)))
    want = "ENOTCONN EPIPE ENOTCONN " if r.hosts else "b'hello' 4 127.0.0.1 "
    assert ends(client)[:2] == (0, want)
    assert ends(server)[0] == 0


def corners(r):
    native = subprocess.run(r.python(CORNERS), capture_output=True, timeout=LIMIT_S)
    assert native.stdout == CORNERS_ON_LINUX, native
    code, out, err = r.call(*r.python(CORNERS))
    assert (code, out) == (0, CORNERS_ON_LINUX), (out, err)


def terminal(r):
    """Ctrl-C at a terminal reaches the program, and its status comes back."""
    pid, master = pty.fork()
    if pid == 0:
        os.execve(r.w.enchufe, [r.w.enchufe, *r._on("", r.python(TERMINAL))], r.w.env)
    out = b""
    for text in (b"ready", b"interrupted True"):
        while text not in out:
            assert select.select([master], [], [], LIMIT_S)[0], out
            out += os.read(master, 1000)
        if text == b"ready":
            os.write(master, b"\x03")
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(master)
    assert status == 9, status


main((connect_again, passed), (corners, terminal))
