"""Python's own servers and clients. SPDX-License-Identifier: BSD-2-Clause"""

import subprocess

from enchufe import LIMIT_S
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


main((asyncio_with_tls, forking_server), (sockets_for_children,))
