"""The echo servers of the documents, over IPv4, IPv6 and whichever there is.
SPDX-License-Identifier: BSD-2-Clause"""

import functools
import os
import signal
import sys

from world import until

MESSAGES = ("uno", "dos y tres", "", "ñandú")
LONG = "0123456789" * 12  # the server reads 80 bytes of a datagram


def udp(bound, asked, seen, world):
    """bound: address of the server or None; asked: by the client; seen: how
    each names the other."""
    server = world.start("srv_eco_udp", *([bound] if bound else []), world.port)
    client = world.client("cln_eco_udp", asked, world.port, *MESSAGES, LONG)
    assert client.process.returncode == 0, client.errors
    cut = LONG[:80]
    want = "".join(f"Respuesta de {asked_name(asked)}:{world.port}: {m}\n"
                   for m in (*MESSAGES, cut))
    assert client.output.decode() == want, client.output
    world.wait_output(server, cut.encode())
    lines = server.output.decode().splitlines()
    assert [l.split(": ", 1)[1] for l in lines] == [*MESSAGES, cut], lines
    assert all(l.startswith(f"Mensaje de {seen}:") for l in lines), lines
    world.tell(client)
    world.tell(server)


def asked_name(asked):
    return "127.0.0.1" if asked == "localhost" else asked


def udp_nobody(world):
    client = world.start("cln_eco_udp", "127.0.0.1", world.port, "hola")
    assert client.wait() == 1
    assert client.errors == \
        "cln_eco_udp: sin respuesta: Connection refused\n", client.errors
    world.tell(client)


def tcp(bound, asked, seen, world):
    server = world.start("srv_eco_tcp", *([bound] if bound else []), world.port)
    messages = [m for m in MESSAGES if m]
    for _ in range(2):
        client = world.client("cln_eco_tcp", asked, world.port, *messages)
        assert client.process.returncode == 0, client.errors
        assert client.output.decode() == \
            "".join(f"Respuesta: {m}\n" for m in messages), client.output
        world.tell(client)
    lines = server.output.decode().splitlines()
    assert len(lines) == 2 * (1 + len(messages)), lines
    assert lines[0].startswith(f"Conexión desde Host:{seen} Puerto:"), lines
    assert [l[len("\tMensaje: "):] for l in lines[1:1 + len(messages)]] == messages
    world.tell(server)


def concurrent(server, world):
    """Clients that have connected and say nothing keep none from being served."""
    program = world.start(server, world.port)
    first = world.client("cln_eco_tcp", "127.0.0.1", world.port, "primero")
    assert first.process.returncode == 0, first.errors
    # All workers but one of a pre-fork server.
    idle = world.start(sys.executable, "-c", IDLE, world.port, 3, "--paso")
    world.wait_output(idle, b"ready\n")
    clients = [world.start("cln_eco_tcp", "127.0.0.1", world.port, f"uno {i}", f"dos {i}")
               for i in range(8)]
    for i, client in enumerate(clients):
        assert client.wait() == 0, client.errors
        assert client.output.decode() == f"Respuesta: uno {i}\nRespuesta: dos {i}\n"
        world.tell(client)
        world.wait_output(program, f"\tMensaje: dos {i}\n".encode())
    idle.go_on()
    assert idle.wait() == 0, idle.errors
    # In whatever order.
    world.tell(b"\n".join(sorted(program.output.splitlines())))


def full(server, world):
    """With all workers busy the next client waits until one is free."""
    world.start(server, world.port, 2)
    first = world.client("cln_eco_tcp", "127.0.0.1", world.port, "primero")
    assert first.process.returncode == 0, first.errors
    idle = world.start(sys.executable, "-c", IDLE, world.port, 2, "--paso")
    world.wait_output(idle, b"ready\n")
    client = world.start("cln_eco_tcp", "127.0.0.1", world.port, "paciencia")
    idle.go_on()
    assert client.wait() == 0, client.errors
    assert client.output == b"Respuesta: paciencia\n", client.output
    world.tell(client)


def worker_dies(server, world):
    """Killed by a signal a worker process is replaced; SIGTERM ends them all."""
    program = world.start(server, world.port, 2)
    ask = ("cln_eco_udp" if "udp" in server else "cln_eco_tcp", "127.0.0.1", world.port)
    assert world.client(*ask, "antes").process.returncode == 0
    for n in (1, 2):
        victim = children(program.process.pid)[0]
        os.kill(victim, signal.SIGKILL)
        until(lambda n=n: program.output.count("ha muerto (señal 9)".encode()) == n,
              lambda: program.output)
        until(lambda v=victim: len(children(program.process.pid)) == 2 and
              v not in children(program.process.pid), lambda: program.errors)
    client = world.client(*ask, "tras la muerte")
    assert client.process.returncode == 0, client.errors
    world.tell(client)
    program.process.send_signal(signal.SIGTERM)
    assert program.wait() == 0, program.errors


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(p) for p in file.read().split()]


def udp_workers(server, world):
    """Each datagram is answered once, by whichever worker."""
    program = world.start(server, world.port, 3)
    first = world.client("cln_eco_udp", "127.0.0.1", world.port, "primero")
    assert first.process.returncode == 0, first.errors
    clients = [world.start("cln_eco_udp", "127.0.0.1", world.port, f"m {i}", f"n {i}")
               for i in range(6)]
    for i, client in enumerate(clients):
        assert client.wait() == 0, client.errors
        assert [l.split(": ")[1] for l in client.output.decode().splitlines()] == \
            [f"m {i}", f"n {i}"], client.output
        world.tell(client)
    assert program.process.poll() is None, program.errors


def dual(server, seen, world):
    program = world.start(server, world.port)
    for asked in ("127.0.0.1", "::1"):
        client = world.client("cln_eco_tcp", asked, world.port, "hola", asked)
        assert client.process.returncode == 0, client.errors
        world.tell(client)
    lines = program.output.decode().splitlines()
    assert lines[0].startswith(f"Conexión desde Host:{seen} Puerto:"), lines
    assert lines[3].startswith("Conexión desde Host:::1 Puerto:"), lines
    world.tell(program)


def _cases(kind):
    for name, ipv6, arguments in (
            ("v4", False, ("127.0.0.1", "127.0.0.1", "127.0.0.1")),
            ("v6", True, ("::1", "::1", "::1")),
            ("unspec", False, (None, "127.0.0.1", "127.0.0.1")),
            ("unspec_by_name", False, (None, "localhost", "127.0.0.1")),
            ("dual_from_v4", True, ("::", "127.0.0.1", "::ffff:127.0.0.1")),
            ("dual_from_v6", True, ("::", "::1", "::1"))):
        scenario = functools.partial(kind, *arguments)
        scenario.ipv6 = ipv6
        yield f"eco_{kind.__name__}.{name}", scenario


IDLE = """
import socket, sys
clients = [socket.create_connection(("127.0.0.1", int(sys.argv[1])))
           for i in range(int(sys.argv[2]))]
for s in clients:
    s.sendall(b"x")
    assert s.recv(1) == b"x"
print("ready", flush=True)
sys.stdin.readline()
"""

SCENARIOS = [*_cases(udp), *_cases(tcp), ("eco_udp.nobody_there", udp_nobody)]
PRE = ("srv_eco_pre_prc", "srv_eco_pre_thr")
SCENARIOS += [
    *((f"{s}.concurrent", functools.partial(concurrent, s))
      for s in ("srv_eco_tcp_prc", "srv_eco_tcp_thr", *PRE)),
    *((f"{s}.full", functools.partial(full, s)) for s in PRE),
    *((f"{s}.worker_dies", functools.partial(worker_dies, s))
      for s in ("srv_eco_pre_prc", "srv_eco_udp_prc")),
    *((f"{s}.workers", functools.partial(udp_workers, s))
      for s in ("srv_eco_udp_prc", "srv_eco_udp_thr"))]
for _server, _seen in (("srv_eco_dual_uno", "::ffff:127.0.0.1"),
                       ("srv_eco_dual_dos", "127.0.0.1")):
    _scenario = functools.partial(dual, _server, _seen)
    _scenario.ipv6 = True
    SCENARIOS.append((f"{_server}.both_families", _scenario))
