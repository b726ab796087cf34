"""The documents' experiments with connections and streams: when each call happens is
chosen by the programs' own steps. SPDX-License-Identifier: BSD-2-Clause"""

import signal
import time

from world import until

BIG = 50_000_000


def connects(world):
    return world.start("conecta", "127.0.0.1", world.port)


def listening(world, *argv):
    """A server that listens and does not accept yet."""
    server = world.start(*argv, "--paso")
    return server.at("bind").step().at("listen").step().at("accept")


def sends(world, size, *options):
    return world.start("emisor", "127.0.0.1", world.port, size, *options)


def sent_before_accept(world):
    """One sender, then three at once: each ends although nobody has accepted."""
    for count in (1, 3):
        server = listening(world, "receptor", world.port, 4096)
        senders = [sends(world, 1024) for _ in range(count)]
        for sender in senders:
            assert sender.wait() == 0, sender.errors
            world.tell(sender)
        server.go_on()
        until(lambda s=server, n=count: s.output.count(b"total 1024") == n,
              lambda s=server: s.output)
        world.tell(server.output)
        server.end()


def server_dies_before_accept(world):
    """What was sent before is lost, and the sender has not heard of it."""
    server = listening(world, "receptor", world.port, 4096)
    sender = sends(world, 1024, "--paso").at("connect").step().at("send").step()
    sender.at("close")
    server.end(signal.SIGKILL)
    sender.step()
    assert sender.wait() == 0, sender.errors
    world.tell(sender)
    # Who sends only now hears of the reset that the server's end was.
    server = listening(world, "receptor", world.port, 4096)
    sender = sends(world, 1024, "--paso").at("connect").step().at("send")
    server.end(signal.SIGKILL)
    while connects(world).wait() == 0:
        time.sleep(0.02)  # its end takes its time to be seen
    sender.step()
    assert sender.wait() == 1
    world.tell(sender)
    world.tell(sender.errors)


def big_blocks(world):
    """50,000,000 bytes block until they are read; a second client ends meanwhile."""
    server = listening(world, "receptor", world.port, BIG)
    first = sends(world, BIG, "--paso").at("connect").step().at("send").step()
    second = sends(world, 1024)
    assert second.wait() == 0, second.errors
    time.sleep(0.3)
    assert first.process.poll() is None and first.output == b"", first.output
    server.go_on()
    first.at("close").step()
    assert first.wait() == 0, first.errors
    assert first.output == b"send: 50000000 de 50000000\n", first.output
    world.wait_output(server, b"total 50000000")
    world.wait_output(server, b"total 1024")
    reads = server.output.count("leído".encode())
    assert reads > 2, "all of it by one read"
    world.tell(first)


def receiver_dies(world):
    """A short count without an error; the next send has it."""
    for option, status, said in ((None, 1, ("Connection reset by peer", "Broken pipe")),
                                 ("--sigpipe", -signal.SIGPIPE, None)):
        server = listening(world, "receptor", world.port, 4096)
        sender = sends(world, BIG, "--paso", *([option] if option else []))
        sender.at("connect").step().at("send").step()
        server.step().at("recv").step()
        world.wait_output(server, "leído ".encode())
        server.end(signal.SIGKILL)
        result = sender.wait()
        # Without unread bytes the peer's end would be a FIN; here it is a reset, and
        # the next send says ECONNRESET, or EPIPE with its signal.
        assert result in (1, -signal.SIGPIPE), (result, sender.errors)
        first, = sender.output.decode().splitlines()
        count = int(first.split()[1])
        assert 0 < count < BIG, first
        world.tell(f"{option}: status {result}, {sender.errors.splitlines()[2:]}")
        if option is None:
            assert result == status and any(s in sender.errors for s in said), \
                sender.errors


def without_blocking(world):
    server = listening(world, "receptor", world.port, 65536)
    sender = world.start("emisor_nb", "127.0.0.1", world.port, BIG, "--paso")
    sender.at("connect").step().at("send").step().at("poll")
    first = sender.output.decode()
    assert first.startswith("primer send: ") and f" de {BIG}" in first, first
    assert "send: Resource temporarily unavailable" in sender.errors, sender.errors
    server.go_on()
    sender.go_on()
    assert sender.wait() == 0, sender.errors
    total = sender.output.decode().splitlines()[-1]
    assert total.startswith(f"{BIG} bytes en "), total
    world.wait_output(server, b"total 50000000")


def asynchronous(world):
    server = listening(world, "receptor", world.port, 65536)
    sender = world.start("emisor_aio", "127.0.0.1", world.port, BIG, "--paso")
    sender.at("connect").step().at("aio_suspend")
    assert sender.output.decode() == "aio_write ha vuelto; el programa sigue\n"
    server.go_on()
    sender.go_on()
    assert sender.wait() == 0, sender.errors
    world.wait_output(server, b"total 50000000")
    world.tell(sender)


def port_in_use(world):
    listening(world, "acepta", world.port, 2)
    other = world.start("acepta", world.port, 2)
    assert other.wait() == 1
    assert other.errors == "acepta: bind: Address already in use\n", other.errors
    world.tell(other)


SCENARIOS = [(f"stream.{f.__name__}", f) for f in (
    sent_before_accept,
    server_dies_before_accept, big_blocks, receiver_dies, without_blocking,
    asynchronous, port_in_use)]
