"""The documents' experiments with datagrams: they keep their borders.
SPDX-License-Identifier: BSD-2-Clause"""


def sends(world, size, *more):
    sender = world.start("emisor_dgram", "127.0.0.1", world.port, size, *more)
    sender.wait()
    world.tell(sender)
    return sender


def bound(world, size):
    """A receiver that is known to be there and takes nothing yet."""
    return world.start("receptor_dgram", world.port, size, "--paso").at("recvmsg")


def borders(world):
    """Two of 50 are never one of 100, one of 100 never two; the rest is lost."""
    for size, sent, want in ((100, (50, 50), ("leído 50", "leído 50")),
                             (50, (100, 20), ("leído 50 de ANY (el resto se ha perdido)",
                                              "leído 20")),
                             (100, (0, 100), ("leído 0", "leído 100"))):
        receiver = bound(world, size)
        for n in sent:
            assert sends(world, n).process.returncode == 0
        receiver.go_on()
        for w in want:
            world.wait_output(receiver, w.split(" de ")[0].encode())
        world.wait_output(receiver, want[-1].encode())
        world.tell(receiver.output)
        receiver.end()


def largest(world):
    receiver = bound(world, 70000)
    assert sends(world, 65507).process.returncode == 0
    refused = sends(world, 65508)
    assert refused.process.returncode == 1
    assert refused.errors == "emisor_dgram: sendto: Message too long\n", refused.errors
    receiver.go_on()
    world.wait_output(receiver, "leído 65507".encode())


def nobody_there(world):
    """A datagram is sent all the same: nobody waits for an answer."""
    assert sends(world, 10).process.returncode == 0


SCENARIOS = [(f"dgram.{f.__name__}", f) for f in (borders, largest, nobody_there)]
