"""What options a socket has, what becomes of one that is set; and ping.
SPDX-License-Identifier: BSD-2-Clause"""

import functools
import os
import re

import tap

from addresses import apart


def shown(kind, world):
    program = world.start("ver_opciones", kind)
    assert program.wait() == 0, program.errors
    lines = program.output.decode().splitlines()
    assert len(lines) > 40, lines
    assert f"SO_TYPE = {2 if 'udp' in kind else 1}" in lines, lines
    # The default of which is the machine's.
    world.tell("\n".join(l for l in lines if not l.startswith("TCP_CONGESTION = ")))


def setting(world):
    for kind, name, value, want in (
            ("tcp", "SO_RCVBUF", 10000, "20000"), ("tcp", "SO_RCVBUF", 1, "2304"),
            ("udp", "SO_SNDBUF", 100000, "200000"), ("tcp", "SO_SNDBUF", 0, "4608"),
            ("tcp", "SO_REUSEADDR", 7, "1"), ("tcp", "SO_KEEPALIVE", 1, "1"),
            ("tcp", "SO_LINGER", 5, "5 s"), ("tcp", "SO_LINGER", "no", "no"),
            ("tcp", "TCP_NODELAY", 1, "1"), ("tcp", "TCP_KEEPIDLE", 10, "10"),
            ("tcp", "TCP_CORK", 1, "1"), ("tcp", "TCP_CONGESTION", "reno", "reno"),
            ("udp", "SO_BROADCAST", 1, "1"), ("udp", "IP_TTL", 3, "3"),
            ("udp", "SO_RCVTIMEO", 2000, "2000 ms"), ("tcp6", "IPV6_V6ONLY", 1, "1"),
            ("udp6", "IPV6_MULTICAST_HOPS", 9, "9")):
        program = world.start("fijar_opcion", kind, name, value)
        assert program.wait() == 0, program.errors
        assert program.output.decode().endswith(f"se pide {value}, es {want}\n"), \
            program.output
        world.tell(re.sub("era .*, se", "era ANTES, se", program.output.decode())
                   if name == "TCP_CONGESTION" else program)
    for kind, name, value in (
            ("tcp", "IP_TTL", 256), ("tcp", "IP_TTL", 0), ("tcp", "SO_TYPE", 1),
            ("udp", "TCP_NODELAY", 1), ("tcp", "TCP_KEEPIDLE", 0),
            ("tcp", "TCP_CONGESTION", "no-hay"), ("tcp", "SO_ERROR", 1),
            ("tcp", "SO_ACCEPTCONN", 1), ("tcp", "TCP_MAXSEG", 5)):
        program = world.start("fijar_opcion", kind, name, value)
        assert program.wait() == 1, (kind, name, value, program.output)
        world.tell(program.errors)
    for argv in (("sctp", "SO_TYPE", 1), ("tcp", "SO_NADA", 1), ("tcp", "IP_TTL", "x")):
        program = world.start("fijar_opcion", *argv)
        assert program.wait() == 2, program.output
        world.tell(program.errors)
    program = world.start("ver_opciones", "tcp", "SO_TYPE", "SO_NADA")
    assert program.wait() == 1
    world.tell(program)


def ping(address, world):
    if os.geteuid() != 0:
        raise tap.Skip("raw sockets are root's")
    program = world.start("ping_raw", address, 3)
    assert program.wait() == 0, program.errors
    text = program.output.decode()
    assert text.endswith("enviados = 3, recibidos = 3, perdidos = 0\n"), text
    times = re.findall(r"tiempo=(\d+\.\d{3}) ms", text)
    assert len(times) == 3, text
    world.tell(re.sub(r"tiempo=[\d.]+", "tiempo=T", text))


def two_pings(world):
    """Each finds its own answers among those of all."""
    if os.geteuid() != 0:
        raise tap.Skip("raw sockets are root's")
    programs = [world.start("ping_raw", "127.0.0.1", 5) for _ in range(3)]
    for program in programs:
        assert program.wait() == 0, program.errors
        assert "recibidos = 5," in program.output.decode(), program.output
        world.tell(re.sub(r"tiempo=[\d.]+", "tiempo=T", program.output.decode()))


SCENARIOS = [
    *((f"options.{kind}", functools.partial(shown, kind))
      for kind in ("tcp", "udp", "tcp6", "udp6")),
    ("options.setting", setting),
    apart("ping.ipv4", functools.partial(ping, "127.0.0.1")),
    apart("ping.ipv6", functools.partial(ping, "::1"), True),
    apart("ping.several", two_pings)]
