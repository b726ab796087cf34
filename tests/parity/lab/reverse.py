"""The reverse service of the documents, each server with the same clients.
SPDX-License-Identifier: BSD-2-Clause"""

import functools
import random
import sys

SERVERS = ("srv_rev_sec", "srv_rev_prc", "srv_rev_thr", "srv_rev_evn")
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


def one_file(server, world):
    world.start(server, world.port)
    ask(world, server, b"hola")
    ask(world, server, "¿otra vez?".encode())


def many_files(server, world):
    world.start(server, world.port)
    ask(world, server, *(content(i, n) for i, n in
                         enumerate((1, 3, 0, 1000, 1448, 70000, 65536, 2))))


def empty_file(server, world):
    world.start(server, world.port)
    ask(world, server, b"")


def big_file(server, world):
    world.start(server, world.port)
    ask(world, server, content(5, BIG))


def clients_20(server, world):
    world.start(server, world.port)
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
    program = world.start(server, world.port)
    for sent in ("ffffffff", "7fffffff", "0000", "0000000a616263"):
        rude = world.client(sys.executable, "-c", RUDE, world.port, sent)
        assert rude.output == b"b''\n", (rude.output, rude.errors)
        world.tell(rude)
    ask(world, server, b"polite")
    assert program.process.poll() is None, program.errors
    world.tell(f"{program.errors.count('rechazada')} refused, "
               f"{program.errors.count('cortada')} cut")


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
SCENARIOS.append(("cln_rev.nobody_there", nobody_there))
