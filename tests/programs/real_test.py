"""Programs that everybody knows, unmodified: on one host, and between two hosts
over a wire with delay and loss. SPDX-License-Identifier: BSD-2-Clause"""

import os
import pty
import random
import select
import shutil
import signal
import subprocess
import sys

import tap
from enchufe import LIMIT_S, World, ends, eventually

PORT = 7100
NGINX = """daemon {daemon};
worker_processes 2;
{user}
pid {dir}/nginx.pid;
error_log {dir}/error.log;
events {{ worker_connections 64; }}
http {{
	sendfile on;
	access_log {dir}/access.log;
	client_body_temp_path {dir}/body;
	proxy_temp_path {dir}/proxy;
	fastcgi_temp_path {dir}/fastcgi;
	uwsgi_temp_path {dir}/uwsgi;
	scgi_temp_path {dir}/scgi;
	client_max_body_size 50m;
	server {{
		listen {port};
		listen [::]:{port};
		root {dir}/www;
		location /put/ {{ dav_methods PUT; }}
	}}
}}
"""
ASYNCIO = """
import asyncio, ssl, sys
port, host, cert = int(sys.argv[1]), sys.argv[2], sys.argv[3]
async def serve():
    ctx = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ctx.load_cert_chain(cert)
    async def echo(r, w):
        while data := await r.read(65536):
            w.write(data)
            await w.drain()
        w.close()
    s = await asyncio.start_server(echo, None, port, ssl=ctx)
    print("ready")
    async with s:
        await s.serve_forever()
async def one(k):
    ctx = ssl.create_default_context(cafile=cert)
    ctx.check_hostname = False
    r, w = await asyncio.open_connection(host, port, ssl=ctx)
    for n in range(5):
        data = bytes([k]) * 20000
        w.write(data)
        assert await r.readexactly(len(data)) == data
    w.close()
async def ask():
    await asyncio.gather(*(one(k) for k in range(10)))
    print("fine")
asyncio.run(serve() if host == "" else ask())
"""
FORKING = """
import socketserver, sys, os
class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(b"%d " % os.getpid() + line)
class Server(socketserver.ForkingTCPServer):
    allow_reuse_address = True
with Server(("", int(sys.argv[1])), Echo) as s:
    print("ready")
    s.serve_forever()
"""
INHERITED = """
import multiprocessing, socket, subprocess, sys
def child(c):
    c.sendall(c.recv(100).upper())
l = socket.create_server(("", 0))
port = l.getsockname()[1]
p = subprocess.Popen([sys.executable, "-c", "import socket; l = socket.socket(fileno=%d); "
    "c, _ = l.accept(); c.sendall(b'by a child'); c.close()" % l.fileno()],
    pass_fds=[l.fileno()])
print(socket.create_connection(("localhost", port)).recv(100), p.wait())
for method in ("fork", "spawn"):
    c = socket.create_connection(("localhost", port))
    a, _ = l.accept()
    if __name__ == "__main__":
        m = multiprocessing.get_context(method).Process(target=child, args=(a,))
        m.start(); a.close(); c.sendall(b"hola"); print(c.recv(100)); m.join()
"""
RETRY = """
import socket, sys, time
s = socket.socket()
refused = 0
for _ in range(1000):
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

# What a non-blocking connect() tells, and what a reset leaves: errno or bytes.
CORNERS = """
import errno, select, socket, struct
l = socket.socket(); l.bind(("127.0.0.1", 0))
s = socket.socket(); s.setblocking(False)
def connect():
    e = s.connect_ex(l.getsockname())
    select.select([], [s], [], 5)
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


class Real:
    """A world, and where its clients and servers run."""

    def __init__(self, world, hosts):
        self.w, self.hosts = world, hosts
        self.host = "server" if hosts else "localhost"
        if hosts:
            world.up()

    def _on(self, host, argv):
        where = ["--on", host] if self.hosts else []
        return ["run", *where, "--", *(str(a) for a in argv)]

    def need(self, *programs):
        for name in programs:
            if not shutil.which(name):
                raise tap.Skip(f"{name} is not installed")

    def server(self, *argv, **more):
        return self.w.start(*self._on("server", argv), **more)

    def call(self, *argv, side="client", data=None):
        done = subprocess.run([self.w.enchufe, *self._on(side, argv)], env=self.w.env,
                              input=data, capture_output=True, timeout=2 * LIMIT_S,
                              cwd=self.w.folder)
        return done.returncode, done.stdout, done.stderr

    def python(self, code, *args):
        return [self.w.python, "-u", "-c", code, *args]

    def answers(self, port):
        probe = ("import socket, sys\n"
                 "socket.create_connection((sys.argv[1], int(sys.argv[2])), 5).close()")
        eventually(lambda: self.call(*self.python(probe, self.host, port))[0] == 0,
                   f"a server on port {port}")

    def listens(self, name):
        """For servers that would take a probe for their client."""
        host = "server" if self.hosts else "default"
        eventually(lambda: any(s["state"] == "listen" for s in self.w.sockets(host)),
                   f"{name} listens")

    def file(self, name, size):
        path = self.w.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(random.Random(name).randbytes(size))
        return path


def same(a, b):
    with open(a, "rb") as f, open(b, "rb") as g:
        return f.read() == g.read()


def stop(process, sig=signal.SIGTERM):
    process.send_signal(sig)
    return ends(process)


def site(r, daemon):
    """A folder with a site and nginx's configuration for it."""
    os.chmod(r.w.folder, 0o755)
    size = 1 if r.hosts else 20
    r.file("www/big", size * 1000000)
    for k in range(6):
        r.file(f"www/small{k}", 50000)
    os.makedirs(r.w.path("www/put"))
    os.chmod(r.w.path("www/put"), 0o777)
    r.w.write("www/index.html", "".join(f'<a href="small{k}">x</a>' for k in range(6)))
    user = "user nobody nogroup;" if os.geteuid() == 0 else ""
    return r.w.write("nginx.conf", NGINX.format(
        dir=r.w.folder, port=PORT, daemon=daemon, user=user))


def nginx_and_curl(r):
    r.need("nginx", "curl")
    nginx = r.server("nginx", "-c", site(r, "off"))
    r.answers(PORT)
    url = f"http://{r.host}:{PORT}"
    for family in ("-4", "-6"):
        code, _, err = r.call("curl", family, "-sS", "-f", "-o", "got", url + "/big")
        assert code == 0 and same(r.w.path("got"), r.w.path("www/big")), err
    code, out, err = r.call("curl", "-sS", "-v", url + "/small1", url + "/small2")
    assert code == 0 and b"Re-using existing connection" in err and len(out) == 100000, err
    code, _, err = r.call("curl", "-sS", "-f", "-Z", "-o", "par#1", url + "/small[0-5]")
    assert code == 0, err
    for k in range(6):
        assert same(r.w.path(f"par{k}"), r.w.path(f"www/small{k}")), k
    code, _, err = r.call("curl", "-sS", "-f", "-T", r.w.path("www/big"), url + "/put/big")
    assert code == 0 and same(r.w.path("www/put/big"), r.w.path("www/big")), err
    # A new pair of workers takes over; the old one ends its transfer first.
    slow = r.w.start(*r._on("client", ["curl", "-sS", "-f", "--limit-rate", "200k", "-o",
                                       "slow", url + "/small0", "-o", "slow2",
                                       url + "/small3"]))
    nginx.send_signal(signal.SIGHUP)
    assert ends(slow)[0] == 0 and same(r.w.path("slow2"), r.w.path("www/small3"))
    code, out, err = r.call("curl", "-sS", "-f", url + "/small4")
    assert code == 0 and len(out) == 50000, err
    assert stop(nginx, signal.SIGQUIT)[0] == 0
    with open(r.w.path("access.log"), encoding="utf-8") as f:
        assert '"PUT /put/big HTTP/1.1" 201' in f.read()


def nginx_daemon(r):
    r.need("nginx", "curl")
    conf = site(r, "on")
    code, _, err = r.call("nginx", "-c", conf, side="server")
    assert code == 0, err
    r.answers(PORT)
    code, out, err = r.call("curl", "-sS", "-f", f"http://{r.host}:{PORT}/small1")
    assert code == 0 and len(out) == 50000, err
    code, _, err = r.call("nginx", "-c", conf, "-s", "stop", side="server")
    assert code == 0, err
    eventually(lambda: not os.path.exists(r.w.path("nginx.pid")), "nginx ends")


def wget_recursive(r):
    r.need("wget")
    site(r, "off")
    server = r.server(r.w.python, "-m", "http.server", PORT, "--directory", r.w.path("www"))
    r.answers(PORT)
    code, _, err = r.call("wget", "-q", "-r", "-nH", "-P", "got", f"http://{r.host}:{PORT}/")
    assert code == 0, err
    for k in range(6):
        assert same(r.w.path(f"got/small{k}"), r.w.path(f"www/small{k}")), k
    stop(server)


def redis(r):
    r.need("redis-server", "redis-cli", "redis-benchmark")
    server = r.server("redis-server", "--port", PORT, "--save", "", "--protected-mode", "no")
    r.answers(PORT)
    at = ["-h", r.host, "-p", PORT]
    assert r.call("redis-cli", *at, "set", "k", "v")[1] == b"OK\n"
    n = 200 if r.hosts else 20000
    for pipeline in (1, 16):
        code, out, err = r.call("redis-benchmark", *at, "-q", "-n", n, "-c", 50, "-P",
                                pipeline, "-t", "incr")
        assert code == 0 and b"requests per second" in out, err
    # Each request was counted once, or more were asked in a last pipeline.
    count = int(r.call("redis-cli", *at, "get", "counter:__rand_int__")[1])
    assert count >= 2 * n, count
    r.call("redis-cli", *at, "shutdown", "nosave")
    assert ends(server)[0] == 0


def iperf3(r):
    r.need("iperf3")
    server = r.server("iperf3", "-s", "-p", PORT)
    r.listens("iperf3")
    for more in (["-n", "500K"], ["-n", "500K", "-R"], ["-n", "500K", "-P", "4"],
                 ["-t", "1", "--bidir"], ["-n", "200K", "-u", "-b", "5M"]):
        code, out, err = r.call("iperf3", "-c", r.host, "-p", PORT, *more)
        assert code == 0 and b"receiver" in out, (more, out[-300:], err)
    stop(server, signal.SIGINT)


def nc_and_socat(r):
    r.need("nc", "socat")
    data = random.Random(3).randbytes(300000)
    inetd = r.server("socat", f"TCP-LISTEN:{PORT},fork,reuseaddr", "EXEC:cat")
    udp = r.server("socat", f"UDP4-RECVFROM:{PORT},fork", "EXEC:cat")
    r.answers(PORT)
    assert r.call("nc", "-N", r.host, PORT, data=data)[1] == data
    assert r.call("socat", "-t", 10, "-", f"TCP:{r.host}:{PORT}", data=data)[1] == data
    # A datagram may be lost on the way, and nothing asks for it again.
    eventually(lambda: r.call("socat", "-t", 1, "-", f"UDP4:{r.host}:{PORT}",
                              data=b"hola")[1] == b"hola", "an echoed datagram")
    stop(inetd)
    stop(udp)
    sink = r.server("nc", "-l", PORT + 1)
    r.listens("nc")
    assert r.call("nc", "-N", r.host, PORT + 1, data=b"a line\n")[0] == 0
    assert ends(sink)[:2] == (0, "a line\n")


def asyncio_with_tls(r):
    r.need("openssl")
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=server", "-keyout", r.w.path("key"), "-out",
         r.w.path("crt")], capture_output=True, timeout=LIMIT_S)
    assert made.returncode == 0, made.stderr
    with open(r.w.path("pem"), "wb") as out:
        for part in ("key", "crt"):
            with open(r.w.path(part), "rb") as f:
                out.write(f.read())
    server = r.server(*r.python(ASYNCIO, PORT, "", r.w.path("pem")))
    assert server.stdout.readline() == "ready\n", server.stderr.read()
    code, out, err = r.call(*r.python(ASYNCIO, PORT, r.host, r.w.path("crt")))
    assert (code, out) == (0, b"fine\n"), err
    stop(server)


def forking_server(r):
    server = r.server(*r.python(FORKING, PORT))
    assert server.stdout.readline() == "ready\n", server.stderr.read()
    ask = ("import socket, sys\n"
           "c = [socket.create_connection((sys.argv[1], int(sys.argv[2]))) for _ in 'abc']\n"
           "for s in c: s.sendall(b'hola\\n')\n"
           "print(*(s.makefile().readline().split()[0] for s in c))")
    code, out, err = r.call(*r.python(ask, r.host, PORT))
    assert code == 0 and len(set(out.split())) == 3, (out, err)
    stop(server)


def sockets_for_children(r):
    script = r.w.write("inherited.py", INHERITED)
    code, out, err = r.call(r.w.python, script)
    assert code == 0 and out.startswith(b"b'by a child' 0\nb'HOLA'\n"), (out, err)


def connect_again(r):
    """The same socket until the server is there."""
    client = r.w.start(*r._on("client", r.python(RETRY, r.host, PORT)))
    assert client.stdout.readline() == "refused\n", client.stderr.read()
    server = r.server(*r.python(SERVE_ONE, PORT))
    assert ends(client)[:2] == (0, "b'tsal ta'\n")
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


ON_ONE_HOST = (sockets_for_children, corners, terminal)


def main():
    results = tap.Tap()
    for test in (nginx_and_curl, nginx_daemon, wget_recursive, redis, iperf3, nc_and_socat,
                 asyncio_with_tls, forking_server, connect_again, sockets_for_children, corners,
                 terminal):
        for hosts in (False,) if test in ON_ONE_HOST else (False, True):
            def run(one=test, h=hosts):
                with World(sys.argv[1]) as world:
                    one(Real(world, h))
            results.run(f"{test.__name__} {'between hosts' if hosts else 'on one host'}", run)
    results.done()


main()
