"""The documents' web servers: each gives away the same files, and nothing else.
SPDX-License-Identifier: BSD-2-Clause"""

import functools
import json
import os
import re
import signal
import sys

SERVERS = ("srv_web_read_send", "srv_web_mmap_writev", "srv_web_sendfile")
# Its own tries again: refusals, and slowness, say nothing with -s.
REQUESTS = 1000  # that a server answers on one connection
CURL = ("curl", "-sS", "--retry", 200, "--retry-all-errors", "--retry-delay", 1)
PATIENT = 100  # seconds that a client has, where that is not what is tried
THREADS = 256  # of the servers
GIB = 1 << 30
BIG = 100_000_000  # more than the buffers of both sockets hold

# What each raw client below begins with: a connection to a server that may not be
# there yet, and all that comes of it until its end.
RAW = """
import json, socket, sys, time
def connect():
    for i in range(2000):
        s = socket.socket()
        try:
            s.connect(("127.0.0.1", int(sys.argv[1])))
            return s
        except ConnectionRefusedError:
            s.close()
            time.sleep(0.05)
def rest(s):
    data = bytearray()
    try:
        while (d := s.recv(1 << 20)):
            data += d
    except ConnectionResetError:
        pass
    return bytes(data)
"""

# One connection for each request of a file of them. Without an answer it asks again:
# it may have been so slow that the server was tired of waiting.
EACH = RAW + """
def ask(request):
    with connect() as s:
        try:
            for piece in request:
                s.sendall(piece.encode("latin-1"))
        except (BrokenPipeError, ConnectionResetError):
            pass
        return rest(s)
for request in json.load(open(sys.argv[2])):
    for i in range(100):
        answer = ask(request)
        if answer or not request:
            break
    sys.stdout.buffer.write(answer + b"\\n====\\n")
"""

# More connections than the server has threads for. None is closed before all its
# threads have answered; then the others have their turn.
MANY = RAW + """
import select
threads, more = int(sys.argv[2]), int(sys.argv[3])
waiting, kept, good = {}, [], 0
for i in range(threads + more):
    s = connect()
    s.sendall(b"GET /hola.txt HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
    waiting[s.fileno()] = s
poll = select.poll()
for fd in waiting:
    poll.register(fd, select.POLLIN)
while waiting:
    for fd, _ in poll.poll():
        poll.unregister(fd)
        s = waiting.pop(fd)
        kept.append(s)
        data = b""
        while not data.endswith(b"hola\\n") and (d := s.recv(4096)):
            data += d
        good += data.startswith(b"HTTP/1.1 200 OK")
    if len(kept) >= threads:
        print(good, "answered")
        kept.clear()
        threads = more
"""

# Takes one byte of a large answer, and the rest when it is told to (a line).
SLOW = RAW + """
one = b""
while not one:
    s = connect()
    try:
        s.sendall(b"GET /grande HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n")
        one = s.recv(1)
    except (BrokenPipeError, ConnectionResetError):
        pass  # it was too slow to ask
print("begun", flush=True)
sys.stdin.readline()
head, size, came = one, None, 0
try:
    while size is None and (d := s.recv(1)):
        head += d
        if head.endswith(b"\\r\\n\\r\\n"):
            size = int(head.split(b"Content-Length: ")[1].split()[0])
    while (d := s.recv(1 << 20)):
        came += len(d)
except ConnectionResetError:
    pass
print("whole" if came == size else "cut")
"""

# Goes on taking a large answer for ever, always a little.
LITTLE = RAW + """
came = 0
while not came:
    with connect() as s:
        try:
            s.sendall(b"GET /grande HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n")
            while (d := s.recv(1 << 16)):
                came += len(d)
                time.sleep(0.005)
        except (BrokenPipeError, ConnectionResetError):
            pass  # cut; or, without a byte, it was too slow to ask
print("cut" if came < int(sys.argv[2]) else "whole")
"""

# A connection that is kept: the server's end of it is seen.
IDLE = RAW + """
s = connect()
s.sendall(b"GET /hola.txt HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
data = b""
while not data.endswith(b"hola\\n"):
    data += s.recv(4096)
print("answered", flush=True)
print("end", rest(s))
"""


def site(world):
    """A directory to serve, beside which lies what nobody may have."""
    world.file("secreto", b"secreto")
    root = os.path.join(world.files, "web")
    os.makedirs(os.path.join(root, "sub dir"))
    for name, content in (("index.html", b"<p>inicio\n"), ("hola.txt", b"hola\n"),
                          ("sub dir/index.html", b"<p>dentro\n"), ("vacio.css", b""),
                          ("ma\u00f1ana 100%.txt", b"ma\xc3\xb1ana\n"),
                          ("datos.json", bytes(range(256)) * 500)):
        with open(os.path.join(root, name), "wb") as file:
            file.write(content)
    os.symlink("../secreto", os.path.join(root, "fuera"))
    os.symlink("/etc/passwd", os.path.join(root, "fuera2"))
    os.symlink("hola.txt", os.path.join(root, "dentro"))
    os.symlink("lazo", os.path.join(root, "lazo"))
    os.symlink("..", os.path.join(root, "arriba"))
    os.mkfifo(os.path.join(root, "fifo"))
    return root


def sparse(root, name, size):
    path = os.path.join(root, name)
    with open(path, "wb") as file:
        file.truncate(size)
    return path


def shown(raw):
    """An answer without its date."""
    return re.sub(rb"Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT",
                  b"Date: DATE", raw).replace(b"\r", b"")


def fetch(world, *argv):
    """A client's answer, told."""
    client = world.client(*argv)
    assert client.process.returncode == 0, (argv, client.errors)
    world.tell(shown(client.output))
    return client.output


def url(world, path):
    return f"http://localhost:{world.port}{path}"


def curl(world, path, *options):
    return fetch(world, *CURL, *options, url(world, path))


def files(server, world):
    root = site(world)
    world.start(server, world.port, root, PATIENT)
    assert curl(world, "/hola.txt") == b"hola\n"
    assert curl(world, "/") == b"<p>inicio\n"
    assert curl(world, "/sub%20dir/") == b"<p>dentro\n"
    assert curl(world, "/sub%20dir", "-L") == b"<p>dentro\n"
    assert curl(world, "/ma%C3%B1ana%20100%25.txt?consulta") == b"ma\xc3\xb1ana\n"
    assert curl(world, "/vacio.css") == b""
    assert curl(world, "/dentro") == b"hola\n"
    whole = bytes(range(256)) * 500
    assert curl(world, "/datos.json") == whole
    assert curl(world, "/datos.json", "-r", "5000-69999") == whole[5000:70000]
    assert curl(world, "/datos.json", "-r", "-7") == whole[-7:]
    for path in ("/hola.txt", "/", "/datos.json", "/vacio.css", "/dentro"):
        curl(world, path, "-I")
    got = fetch(world, "wget", "-q", "-O", "-", url(world, "/datos.json"))
    assert got == whole
    part = world.file("parte", whole[:1000])
    fetch(world, "wget", "-q", "-c", "-O", part, url(world, "/datos.json"))
    with open(part, "rb") as file:
        assert file.read() == whole, "what wget went on with differs"


def get(target, *fields, method="GET", version="HTTP/1.1", body=""):
    return [f"{method} {target} {version}\r\nHost: localhost\r\nConnection: close\r\n" +
            "".join(f + "\r\n" for f in fields) + "\r\n" + body]


# A request and the status that it must have.
ATTACKS = [
    (get("/../secreto"), 403), (get("/../../../../etc/passwd"), 403),
    (get("/%2e%2e/secreto"), 403), (get("/%2E%2e%2fsecreto"), 403),
    (get("/sub%20dir/../../secreto"), 403), (get("/sub%20dir/../hola.txt"), 200),
    (get("/%252e%252e/secreto"), 404), (get("/..%5csecreto"), 404),
    (get("//etc/passwd"), 404), (get("///../secreto"), 403), (get("/..."), 404),
    (get("/fuera"), 403), (get("/fuera2"), 403), (get("/lazo"), 403),
    (get("/arriba/secreto"), 403), (get("/arriba/"), 403), (get("/fifo"), 403),
    (get("/hola.txt%00.html"), 400), (get("/%zz"), 400), (get("/%4"), 400),
    (get("/%"), 400), (get("/\xff"), 400), (get("/a#b"), 400), (get("hola.txt"), 400),
    (get("http:///hola.txt"), 400), (get("http://otra/hola.txt"), 200),
    (get("/no-hay"), 404), (get("/hola.txt/"), 404), (get("/" + "a" * 300), 404),
    (get("/sub%20dir%0d%0aSet-Cookie:%20a"), 404), (get("//otro.sitio/.."), 404),
    (get("/hola.txt", method="POST", body=""), 405), (get("/", method="DELETE"), 405),
    (get("*", method="OPTIONS"), 405), (get("/", method="get"), 501),
    (get("/", method="G\x01T"), 400), (get("/", method=""), 400),
    (get("/", version="HTTP/2.0"), 505), (get("/", version="HTTP/0.9"), 505),
    (get("/", version="HTTP/1.2"), 200), (get("/", version="HTTP/1"), 400),
    (get("/", version="HTTQ/1.1"), 400), (get("/ /"), 400),
    (["GET /\r\n\r\n"], 400), (["\r\n\r\nGET / HTTP/1.1\nHost: x\nConnection: close\n\n"],
                               200),
    (["GET / HTTP/1.1\r\nConnection: close\r\n\r\n"], 400),
    (["GET / HTTP/1.0\r\n\r\n"], 200), (get("/", "Host: otra"), 400),
    (get("/", "Nombre : x"), 400), (get("/", "A: 1", " sigue"), 400),
    (get("/", "sin dos puntos"), 400), (get("/", "A: \x00"), 400), (get("/", ": x"), 400),
    (get("/", "Content-Length: 3", body="abc"), 200),
    (get("/", "Content-Length: -1"), 400), (get("/", "Content-Length: 1x"), 400),
    (get("/", "Content-Length: 1", "Content-Length: 2"), 400),
    (get("/", "Content-Length: 99999999999999999999999"), 413),
    (get("/", "Content-Length: 70000"), 413),
    (get("/", "Transfer-Encoding: chunked", body="0\r\n\r\n"), 501),
    (get("/", "Transfer-Encoding: chunked", "Content-Length: 5"), 400),
    (get("/" + "a" * 9000), 414), (["GET /" + "a" * 20000], 414),
    (get("/", *(f"A{i}: b" for i in range(200))), 431),
    (get("/", "A: " + "b" * 20000), 431),
    (get("/hola.txt", "Range: bytes=0-1"), 206), (get("/hola.txt", "Range: bytes=1-"), 206),
    (get("/hola.txt", "Range: bytes=-9"), 206), (get("/hola.txt", "Range: bytes=-0"), 416),
    (get("/hola.txt", "Range: bytes=5-"), 416), (get("/vacio.css", "Range: bytes=0-"), 416),
    (get("/vacio.css", "Range: bytes=-1"), 200), (get("/hola.txt", "Range: bytes=3-1"), 200),
    (get("/hola.txt", "Range: bytes=0-0,2-2"), 200), (get("/hola.txt", "Range: a=0-0"), 200),
    (get("/hola.txt", "Range: bytes=0-99999999999999999999"), 206),
    (get("/hola.txt", "Range: bytes=99999999999999999999-"), 416),
    (get("/hola.txt", "Range: bytes=0-1", "Range: bytes=4-3"), 200),
    (get("/hola.txt", "Range: bytes=0-1", 'If-Range: "x"'), 200),
    (get("/hola.txt", "Range: bytes=0-1", method="HEAD"), 200),
]


def attacks(server, world):
    program = world.start(server, world.port, site(world), PATIENT)
    requests = world.file("requests", json.dumps([r for r, _ in ATTACKS]).encode())
    client = world.client(sys.executable, "-c", EACH, world.port, requests)
    assert client.process.returncode == 0, client.errors
    answers = client.output.split(b"\n====\n")[:-1]
    assert len(answers) == len(ATTACKS), len(answers)
    for (request, want), answer in zip(ATTACKS, answers):
        assert answer.startswith(b"HTTP/1.1 %d " % want), (request, want, answer[:300])
        assert b"secreto" not in answer and b"root:" not in answer, (request, answer)
        world.tell(shown(answer))
    assert program.process.poll() is None, program.errors


def keeps_alive(server, world):
    """Several requests, in one segment or in many; HTTP/1.0 has to ask for it."""
    world.start(server, world.port, site(world), PATIENT)
    one = "GET /hola.txt HTTP/1.1\r\nHost: x\r\n\r\n"
    head = one.replace("GET", "HEAD")
    body = one.replace("\r\n\r\n", "\r\nContent-Length: 40000\r\n\r\n") + "x" * 40000
    last = one.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
    old = "GET /hola.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    cases = [([one * 5 + last], 6), ([head, head, last], 3), ([*one, *last], 2),
             ([body + body + last], 3), ([last + one], 1), ([old, old, last], 3),
             ([one.replace("hola", "no-hay"), last], 2), (["mal\r\n\r\n" + one], 1),
             ([one.replace("GET", "POST"), last], 2), ([head * 1100], REQUESTS)]
    requests = world.file("requests", json.dumps([r for r, _ in cases]).encode())
    client = world.client(sys.executable, "-c", EACH, world.port, requests)
    assert client.process.returncode == 0, client.errors
    answers = client.output.split(b"\n====\n")[:-1]
    for (request, want), answer in zip(cases, answers, strict=True):
        assert answer.count(b"HTTP/1.1 ") == want, (request, answer)
        world.tell(shown(answer))


def large(server, world):
    """The document's experiment: truncate -s 1G BIG.html, and wget."""
    root = site(world)
    sparse(root, "BIG.html", GIB)
    world.start(server, world.port, root, PATIENT)
    size = curl(world, "/BIG.html", "-o", "/dev/null", "-w", "%{size_download} %{http_code}")
    assert size == b"%d 200" % GIB, size
    end = curl(world, "/BIG.html", "-r", f"{GIB - 3}-")
    assert end == b"\0\0\0"
    client = world.client("wget", "-q", "-O", "/dev/null", url(world, "/BIG.html"))
    assert client.process.returncode == 0, client.errors


def slow_requests(server, world):
    """Who does not end a request is told so; who says nothing is not."""
    world.start(server, world.port, site(world), 1)
    cases = (["GET / HT"], [], ["GET / HTTP/1.1\r\nHost: x\r\n\r\nGET"])
    clients = []
    for i, case in enumerate(cases):  # together: each waits for the server's patience
        requests = world.file(f"requests{i}", json.dumps([case]).encode())
        clients.append(world.start(sys.executable, "-c", EACH, world.port, requests))
    for client in clients:
        assert client.wait() == 0, client.errors
    half, none, second = (c.output.removesuffix(b"\n====\n") for c in clients)
    assert half.startswith(b"HTTP/1.1 408 Request Timeout\r\n"), half
    assert none == b"", none
    assert second.count(b"HTTP/1.1 ") == 2 and b" 408 " in second, second
    for client in clients:
        world.tell(shown(client.output))


def slow(world):
    """A client that has begun to take a large file and takes no more of it."""
    client = world.start(sys.executable, "-c", SLOW, world.port, "--paso")
    world.wait_output(client, b"begun\n")
    return client


def slow_readers(server, world):
    root = site(world)
    sparse(root, "grande", BIG)
    program = world.start(server, world.port, root, 1)
    curl(world, "/hola.txt")
    client = slow(world)
    world.wait_errors(program, "respuesta cortada")
    client.go_on()
    assert client.wait() == 0 and client.output == b"begun\ncut\n", client.output
    assert curl(world, "/hola.txt") == b"hola\n"
    world.tell(client)
    # It took nothing for too long, or too little: whichever is seen first.
    world.tell(re.sub("cortada: .*", "cortada", program.errors))


def little_by_little(server, world):
    """Who takes a little within each limit, and so never as much as it should."""
    root = site(world)
    sparse(root, "grande", GIB)
    program = world.start(server, world.port, root, 1, 1_000_000_000)
    client = world.start(sys.executable, "-c", LITTLE, world.port, GIB)
    world.wait_errors(program, "respuesta cortada")
    assert client.wait() == 0 and client.output == b"cut\n", client.output
    world.tell(client)


def shorter_file(server, world):
    """Somebody cuts the file that is being sent: that answer ends, the server not."""
    root = site(world)
    path = sparse(root, "grande", BIG)
    program = world.start(server, world.port, root, PATIENT)
    curl(world, "/hola.txt")
    client = slow(world)
    os.truncate(path, 1000)
    client.go_on()
    assert client.wait() == 0 and client.output == b"begun\ncut\n", client.output
    world.tell(client)
    assert curl(world, "/hola.txt") == b"hola\n"
    assert program.process.poll() is None, program.errors


def many(server, world):
    """More than it has threads for: the last have theirs when the first have gone."""
    world.start(server, world.port, site(world), PATIENT)
    client = world.client(sys.executable, "-c", MANY, world.port, THREADS, 24)
    assert client.output == b"256 answered\n280 answered\n", (client.output, client.errors)
    world.tell(client)


def stops(server, world):
    """SIGTERM: no new clients, those that wait are sent home, one that is being
    answered has its answer to the end."""
    root = site(world)
    sparse(root, "grande", BIG)
    program = world.start(server, world.port, root, PATIENT)
    idle = world.start(sys.executable, "-c", IDLE, world.port)
    world.wait_output(idle, b"answered\n")
    client = slow(world)
    program.process.send_signal(signal.SIGTERM)
    assert idle.wait() == 0 and idle.output == b"answered\nend b''\n", idle.output
    assert program.process.poll() is None, program.errors
    client.go_on()
    assert client.wait() == 0 and client.output == b"begun\nwhole\n", client.output
    assert program.wait() == 0, program.errors
    world.tell(client)
    world.tell(program)
    world.tell(program.errors)


def no_directory(server, world):
    for name in ("no-hay", "/etc/passwd"):
        program = world.start(server, world.port, name)
        assert program.wait() == 1
        world.tell(program.errors)


SCENARIOS = [(f"{server}.{kind.__name__}", functools.partial(kind, server))
             for server in SERVERS
             for kind in (files, attacks, keeps_alive, large, slow_requests, slow_readers,
                          little_by_little, shorter_file, many, stops, no_directory)]
