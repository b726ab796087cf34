"""Data in pieces: how they are told apart, and what becomes of bad ones.
SPDX-License-Identifier: BSD-2-Clause"""

import struct
import sys

from reverse import RUDE


def copy_too_long(world):
    sender = world.start("envio_multiple_copia", "localhost", world.port, "uno", "x" * 16)
    assert sender.wait() == 1
    world.tell(sender)
    world.tell(sender.errors)


def by_lengths(world):
    server = world.start("receptor_tam_variable", world.port)
    for data in (("hola", "adiós y más"), ("", ""), ("x" * 70000, "ñ")):
        sender = world.client("envio_tam_variable_writev", "localhost", world.port, *data)
        assert sender.process.returncode == 0, sender.errors
        world.wait_output(server, f"dato1: {data[0]}\ndato2: {data[1]}\n".encode())
    world.tell("\n".join(l for l in server.output.decode().splitlines() if len(l) < 99))


def hostile_lengths(world):
    server = world.start("receptor_tam_variable", world.port)
    for sent in (struct.pack(">II", 0xffffffff, 1), struct.pack(">II", 3, 0x7fffffff) +
                 b"abc", b"\0\0", struct.pack(">II", 5, 5) + b"abc"):
        rude = world.client(sys.executable, "-c", RUDE, world.port, sent.hex())
        assert rude.output == b"b''\n", (rude.output, rude.errors)
    sender = world.client("envio_tam_variable_writev", "localhost", world.port, "a", "b")
    assert sender.process.returncode == 0
    world.wait_output(server, b"dato1: a\ndato2: b\n")
    world.tell(server.errors)


def by_separator(world):
    server = world.start("receptor_separador", world.port)
    sender = world.client("envio_separador", "localhost", world.port, "uno", "", "tres")
    assert sender.process.returncode == 0, sender.errors
    world.wait_output(server, b"dato: uno\ndato: \ndato: tres\n")
    refused = world.start("envio_separador", "localhost", world.port, "a\nb")
    assert refused.wait() == 1
    world.tell(refused.errors)
    for sent in (b"cut", b"x" * 5000):
        rude = world.client(sys.executable, "-c", RUDE, world.port, sent.hex())
        assert rude.output == b"b''\n", (rude.output, rude.errors)
    sender = world.client("envio_separador", "localhost", world.port, "fin")
    assert sender.process.returncode == 0
    world.wait_output(server, b"dato: fin\n")
    world.tell(server.output)
    world.tell(server.errors)


def by_end(world):
    server = world.start("receptor_fin", world.port)
    asks = world.client("envio_shutdown", "localhost", world.port, "con respuesta")
    assert asks.process.returncode == 0, asks.errors
    assert asks.output == b"recibidos 13 bytes\n", asks.output
    closes = world.client("envio_cierre", "localhost", world.port, "sin respuesta")
    assert closes.process.returncode == 0, closes.errors
    world.wait_output(server, b"dato: sin respuesta\n")
    world.tell(asks)
    world.tell(server.output)


SCENARIOS = [(f"pieces.{f.__name__}", f) for f in (
    copy_too_long, by_lengths, hostile_lengths, by_separator, by_end)]
