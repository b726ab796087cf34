"""The echo servers of the documents, over IPv4, IPv6 and whichever there is.
SPDX-License-Identifier: BSD-2-Clause"""

import functools

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


SCENARIOS = [*_cases(udp), *_cases(tcp), ("eco_udp.nobody_there", udp_nobody)]
