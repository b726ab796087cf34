"""Sockets that are files: the Unix domain, and descriptors that cross it.
SPDX-License-Identifier: BSD-2-Clause"""

import functools
import os
import sys

from world import until

MESSAGES = ("uno", "dos y tres", "ñandú")

# Sends other ancillary data than the receiver hopes for: none, and too many.
RUDE = """
import os, socket, sys
for fds in ([], [0] * 6):
    s = socket.socket(socket.AF_UNIX)
    s.connect(sys.argv[1])
    socket.send_fds(s, [b"x"], fds) if fds else s.sendall(b"x")
    s.close()
"""


def appears(world, path):
    until(lambda: os.path.exists(path), lambda: f"{path} never appears")
    return path


def echo(kind, world):
    path = os.path.join(world.files, "eco")
    server = world.start(f"srv_eco_{kind}", path)
    for _ in range(2):
        client = world.client(f"cln_eco_{kind}", appears(world, path), *MESSAGES)
        assert client.process.returncode == 0, client.errors
        assert client.output.decode().splitlines() == \
            [f"Respuesta: {m}" for m in MESSAGES], client.output
        world.tell(client)
    world.wait_output(server, MESSAGES[-1].encode())
    world.tell(server)
    # A second server is refused as long as the first lives; what it leaves is not
    # in the way of the next.
    other = world.start(f"srv_eco_{kind}", path)
    assert other.wait() == 1
    world.tell(other.errors)
    server.end()
    gone = world.start(f"cln_eco_{kind}", path, "hola")
    assert gone.wait() == 1
    world.tell(gone.errors)
    world.start(f"srv_eco_{kind}", path)
    client = world.client(f"cln_eco_{kind}", path, "otra vez")
    assert client.process.returncode == 0, client.errors
    world.tell(client)
    assert os.listdir(world.files) == ["eco"], "a client leaves its name"


def bad_names(world):
    plain = world.file("fichero", b"x")
    for name in (plain, os.path.join(world.files, "no-hay", "x"), "/" + "x" * 200):
        for program in ("srv_eco_unix", "srv_eco_unix_dgram"):
            refused = world.start(program, name)
            assert refused.wait() == 1
            world.tell(refused.errors.replace(world.files, "FILES"))
    with open(plain, "rb") as file:
        assert file.read() == b"x", "somebody's file is gone"


def passed_file(world):
    path = os.path.join(world.files, "buzon")
    content = "lo que hay en el fichero\n".encode()
    secret = world.file("secreto", content)
    receiver = world.start("receptor_descriptor", path)
    appears(world, path)
    rude = world.client(sys.executable, "-c", RUDE, path)
    assert rude.process.returncode == 0, rude.errors
    sender = world.client("emisor_descriptor", path, secret)
    assert sender.process.returncode == 0, sender.errors
    world.wait_output(receiver, content)
    world.tell(sender)
    world.tell(receiver)
    world.tell(receiver.errors)
    # What was not wanted is closed again.
    fds = os.listdir(f"/proc/{receiver.process.pid}/fd")
    links = [os.readlink(f"/proc/{receiver.process.pid}/fd/{fd}") for fd in fds
             if os.path.lexists(f"/proc/{receiver.process.pid}/fd/{fd}")]
    assert links.count("/dev/null") <= 1, links


def passed_connection(world):
    """One process connects, another talks: the connection is the same."""
    path = os.path.join(world.files, "buzon")
    server = world.start("srv_eco_tcp", "127.0.0.1", world.port)
    receiver = world.start("receptor_descriptor", path, "hola desde aquí")
    sender = world.client("emisor_descriptor", appears(world, path), "127.0.0.1",
                          world.port)
    assert sender.process.returncode == 0, sender.errors
    world.wait_output(receiver, "hola desde aquí".encode())
    world.tell(sender)
    world.tell(receiver)
    world.wait_output(server, "\tMensaje: hola desde aquí\n".encode())
    world.tell(server)


SCENARIOS = [
    *((f"eco_{kind}.echo", functools.partial(echo, kind)) for kind in ("unix", "unix_dgram")),
    ("eco_unix.bad_names", bad_names),
    ("descriptor.file", passed_file), ("descriptor.connection", passed_connection)]
