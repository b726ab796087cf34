"""Python's own servers and clients. SPDX-License-Identifier: BSD-2-Clause"""

import subprocess

from enchufe import LIMIT_S, ends
from real import PORT, main, stop

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
THREADING = """
import socket, socketserver, sys, threading
port, host = int(sys.argv[1]), sys.argv[2]
class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line.upper())
class Datagram(socketserver.DatagramRequestHandler):
    def handle(self):
        self.wfile.write(self.rfile.read().upper())
class Stream(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True
if host == "":
    udp = socketserver.ThreadingUDPServer(("", port), Datagram)
    threading.Thread(target=udp.serve_forever, daemon=True).start()
    with Stream(("", port), Echo) as s:
        print("ready")
        s.serve_forever()
def one(k):
    with socket.create_connection((host, port)) as c, c.makefile("rwb", 0) as f:
        for n in range(20):
            line = b"%d a line %d\\n" % (k, n)
            f.write(line)
            assert f.readline() == line.upper()
        done.append(k)
done = []
threads = [threading.Thread(target=one, args=(k,)) for k in range(20)]
for t in threads: t.start()
for t in threads: t.join()
assert len(done) == 20
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.settimeout(0.2)
for _ in range(500):
    u.sendto(b"datagram", (host, port))
    try:
        assert u.recvfrom(100)[0] == b"DATAGRAM"
        break
    except TimeoutError:
        pass
else:
    sys.exit("no datagram")
print("fine")
"""
CONNECTIONS = """
import multiprocessing, os, sys
from multiprocessing.connection import Client, Listener, wait
port, host = int(sys.argv[1]), sys.argv[2]
def work(conn):
    conn.send((os.getpid(), conn.recv()[::-1]))
if host == "":
    with Listener(("", port), authkey=b"secret") as l:
        print("ready")
        got = []
        for _ in range(3):
            c = l.accept()
            p = multiprocessing.Process(target=work, args=(c,))
            p.start()
            c.close()
            got.append(p)
        for p in got: p.join()
    sys.exit(0)
conns = [Client((host, port), authkey=b"secret") for _ in range(3)]
for k, c in enumerate(conns):
    c.send([k, "x" * 100000])
pids = set()
left = list(conns)
while left:
    for c in wait(left):
        pid, value = c.recv()
        assert value == ["x" * 100000, conns.index(c)], value[1]
        pids.add(pid)
        left.remove(c)
assert len(pids) == 3
print("fine")
"""
HTTP = """
import http.client, http.server, sys, threading
port, host = int(sys.argv[1]), sys.argv[2]
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_PUT(self):
        n = int(self.headers["Content-Length"])
        body = self.rfile.read(n)
        self.send_response(100 + len(self.path))
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for k in range(0, n, 7000):
            part = body[k:k + 7000]
            self.wfile.write(b"%x\\r\\n%s\\r\\n" % (len(part), part))
        self.wfile.write(b"0\\r\\n\\r\\n")
    def log_message(self, *args):
        pass
if host == "":
    s = http.server.ThreadingHTTPServer(("", port), Handler)
    print("ready")
    s.serve_forever()
kept = http.client.HTTPConnection(host, port, timeout=60)
for n in (0, 1, 6999, 7000, 7001, 100000):
    kept.request("PUT", "/" + "x" * 99, bytes(n))
    got = kept.getresponse()
    assert got.status == 200 and got.read() == bytes(n), n
    local = kept.sock.getsockname()
    assert local == first if n else True
    first = local
kept.request("GET", "/")
got = kept.getresponse()
assert got.status == 501 and b"Unsupported" in got.read()
print("fine")
"""


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


def echoes(r, code, *args, want=b"fine\n"):
    """The program is server when its host is empty."""
    server = r.server(*r.python(code, PORT, "", *args))
    assert server.stdout.readline() == "ready\n", server.stderr.read()
    code, out, err = r.call(*r.python(code, PORT, r.host, *args))
    assert (code, out) == (0, want), (out, err)
    return server


def threading_server(r):
    stop(echoes(r, THREADING))


def connections(r):
    """multiprocessing's own messages; each caller is given to a child."""
    server = echoes(r, CONNECTIONS)
    assert ends(server)[0] == 0


def http_server(r):
    """Bodies of many sizes, in chunks, on one kept connection; an error."""
    server = echoes(r, HTTP)
    stop(server)


main((asyncio_with_tls, forking_server, threading_server, connections, http_server),
     (sockets_for_children,))
