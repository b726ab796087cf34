"""The reverse service of the documents, each server with the same clients.
SPDX-License-Identifier: BSD-2-Clause"""

import functools
import os
import random
import sys

SERVERS = {"srv_rev_sec": (), "srv_rev_prc": (), "srv_rev_thr": (), "srv_rev_evn": (),
           "srv_rev_evn_poll": ("poll",), "srv_rev_evn_select": ("select", "nivel"),
           "srv_rev_evn_edge": ("epoll", "flanco")}
BIG = 5 * 1000 * 1000

# Sends bytes that are no proper request and prints what comes back until the
# server closes; tries again while the server is not yet there.
RUDE = """
import socket, sys, time
for i in range(2000):
    s = socket.socket()
    try:
        s.connect(("127.0.0.1", int(sys.argv[1])))
        break
    except ConnectionRefusedError:
        time.sleep(0.05)
s.sendall(bytes.fromhex(sys.argv[2]))
s.shutdown(socket.SHUT_WR)
try:
    print(repr(s.recv(100)))
except ConnectionResetError:
    print("b''")
"""

# Clients of each unpleasant kind; then, told to, the slow ones take their answers.
IDLE = """
import socket, struct, sys
n, size, slow = int(sys.argv[2]), 8 << 20, []
quiet = [socket.create_connection(("127.0.0.1", int(sys.argv[1]))) for i in range(n)]
for i, s in enumerate(quiet):
    s.sendall((b"", b"\\0\\0", struct.pack(">I", 10) + b"abc")[i % 3])
for i in range(3):
    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    s.sendall(struct.pack(">I", size) + b"x" * size)
    slow.append(s)
print("ready", flush=True)
sys.stdin.readline()
for s in slow:
    left = size
    while left and (d := s.recv(min(left, 1 << 20))):
        assert d == b"x" * len(d)
        left -= len(d)
    print(left, "left")
"""

# More clients at once than the server can have; each leaves when it is answered.
CROWD = """
import select, socket, struct, sys
n, waiting, good = int(sys.argv[2]), {}, 0
for i in range(n):
    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    waiting[s.fileno()] = s
for s in waiting.values():
    s.sendall(struct.pack(">I", 4) + b"hola")
while waiting:
    for fd in select.select(list(waiting), [], [])[0]:
        good += waiting.pop(fd).recv(4, socket.MSG_WAITALL) == b"aloh"
print(good, "answered")
"""


def content(seed, size):
    return random.Random(seed).randbytes(size)


def ask(world, server, *contents):
    """One client with these files: its output must be all of them reversed."""
    files = [world.file(f"f{i}", c) for i, c in enumerate(contents)]
    client = world.client("cln_rev", "localhost", world.port, *files)
    world.tell(client)
    assert client.process.returncode == 0, client.errors
    want = b"".join(c[::-1] for c in contents)
    assert client.output == want, \
        f"{server}: {len(client.output)} bytes came, {len(want)} wanted, or differ"


def serves(world, server, *before):
    """The program of that name, waiting in that way; before: what starts it."""
    program = server if server in ("srv_rev_sec", "srv_rev_prc", "srv_rev_thr") else \
        "srv_rev_evn"
    if before:
        program = os.path.join(world.lab, program)
    return world.start(*before, program, world.port, *SERVERS[server])


def one_file(server, world):
    serves(world, server)
    ask(world, server, b"hola")
    ask(world, server, "¿otra vez?".encode())


def many_files(server, world):
    serves(world, server)
    ask(world, server, *(content(i, n) for i, n in
                         enumerate((1, 3, 0, 1000, 1448, 70000, 65536, 2))))


def empty_file(server, world):
    serves(world, server)
    ask(world, server, b"")


def big_file(server, world):
    serves(world, server)
    ask(world, server, content(5, BIG))


def clients_20(server, world):
    serves(world, server)
    ask(world, server, b"first")  # from here on the server is known to listen
    contents = [content(100 + i, 20000 + i) for i in range(20)]
    clients = [world.start("cln_rev", "localhost", world.port,
                           world.file(f"c{i}", c)) for i, c in enumerate(contents)]
    for client, sent in zip(clients, contents):
        status = client.wait()
        assert status == 0, client.errors
        assert client.output == sent[::-1], "the answer of another, or cut"
        world.tell(client)


def bad_lengths(server, world):
    """Refused or cut short, and the next client is served as if nothing were."""
    program = serves(world, server)
    for sent in ("ffffffff", "7fffffff", "0000", "0000000a616263"):
        rude = world.client(sys.executable, "-c", RUDE, world.port, sent)
        assert rude.output == b"b''\n", (rude.output, rude.errors)
        world.tell(rude)
    ask(world, server, b"polite")
    assert program.process.poll() is None, program.errors
    world.tell(f"{program.errors.count('rechazada')} refused, "
               f"{program.errors.count('cortada')} cut")


def many_and_idle(server, world):
    """Clients that say nothing, or half of it, keep nobody from being served; and
    those that take nothing of a large answer neither."""
    serves(world, server)
    ask(world, server, b"first")
    idle = world.start(sys.executable, "-c", IDLE, world.port, 50, "--paso")
    world.wait_output(idle, b"ready\n")
    ask(world, server, *(content(200 + i, 100000) for i in range(10)))
    idle.go_on()
    assert idle.wait() == 0, idle.errors
    world.tell(idle)


def few_descriptors(server, world):
    """A server without descriptors for all hears of the others when some leave."""
    program = serves(world, server, "sh", "-c", 'ulimit -n 40; exec "$@"', "sh")
    ask(world, server, b"first")
    crowd = world.start(sys.executable, "-c", CROWD, world.port, 60)
    assert crowd.wait() == 0, crowd.errors
    assert crowd.output == b"60 answered\n", crowd.output
    assert "Too many open files" in program.errors, program.errors
    ask(world, server, b"last")
    world.tell(crowd)


def modes(world):
    for argv in (("select", "flanco"), ("poll", "flanco"), ("kqueue",), ("epoll", "x")):
        program = world.start("srv_rev_evn", world.port, *argv)
        assert program.wait() == 2
        world.tell(program.errors)


def nobody_there(world):
    client = world.start("cln_rev", "localhost", world.port,
                         world.file("f", b"x"))
    assert client.wait() == 1
    assert client.errors == "cln_rev: connect: Connection refused\n", client.errors
    world.tell(client)
    world.tell(client.errors)


SCENARIOS = [(f"{server}.{kind.__name__}", functools.partial(kind, server))
             for server in SERVERS
             for kind in (one_file, many_files, empty_file, big_file, clients_20,
                          bad_lengths)]
SCENARIOS += [(f"{server}.many_and_idle", functools.partial(many_and_idle, server))
              for server in SERVERS if server != "srv_rev_sec"]
SCENARIOS += [(f"{server}.few_descriptors", functools.partial(few_descriptors, server))
              for server in SERVERS if "evn" in server]
SCENARIOS.append(("srv_rev_evn.modes", modes))
SCENARIOS.append(("cln_rev.nobody_there", nobody_there))
