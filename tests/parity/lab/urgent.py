"""Urgent data, seen in each of three ways.
SPDX-License-Identifier: BSD-2-Clause"""

import functools


def receiving(world, mode):
    """A receiver whose one client sends step by step; both at hand."""
    receiver = world.start("receptor_urgente", world.port, mode, "--paso")
    receiver.at("bind").step().at("listen").step().at("accept").step()
    sender = world.start("emisor_urgente", "127.0.0.1", world.port, "hola", "!xyZ", "!W",
                         "adiós", "--paso")
    sender.at("connect").step().at("send")
    receiver.at("recv")
    return receiver, sender


def told(mode, world):
    """By a signal or by select(): each urgent byte comes by its own way, what stands
    before it in the same send is ordinary."""
    receiver, sender = receiving(world, mode)
    receiver.go_on()
    sender.step().at("send")
    world.wait_output(receiver, b"hola\n")
    sender.step().at("send")
    world.wait_output(receiver, b"urgente: Z\n")
    world.wait_output(receiver, b": xy\n")
    sender.step().at("send")
    world.wait_output(receiver, b"urgente: W\n")
    sender.go_on()
    assert sender.wait() == 0, sender.errors
    world.wait_output(receiver, b"\nfin\n")
    # Whether the mark or the bytes before it are seen first is not said.
    world.tell(b"\n".join(sorted(receiver.output.splitlines())))


def in_line(world):
    """All of it in order; a read ends before the mark, and what is read next is it.
    Of two marks that nobody has looked at the first is forgotten."""
    receiver, sender = receiving(world, "linea")
    for _ in range(3):
        sender.step().at("send")
    sender.go_on()
    assert sender.wait() == 0, sender.errors
    receiver.go_on()
    world.wait_output(receiver, b"\nfin\n")
    lines = receiver.output.decode().splitlines()[1:]
    mark = lines.index("marca: lo siguiente es urgente")
    before, after = ("".join(l.split(": ", 1)[1] for l in part if l.startswith("leído"))
                     for part in (lines[:mark], lines[mark + 1:]))
    assert (before, after) == ("holaxyZ", "Wadiós"), lines
    world.tell(before + "|" + after)


SCENARIOS = [*((f"urgent.{mode}", functools.partial(told, mode)) for mode in ("senal", "select")),
             ("urgent.in_line", in_line)]
