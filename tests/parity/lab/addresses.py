"""Datagrams to many, and to which of a machine's addresses: broadcast, groups,
IP_PKTINFO. On the kernel in a network of its own, where they disturb nobody.
SPDX-License-Identifier: BSD-2-Clause"""

import functools
import re


def broadcast(world):
    """Two hear what one says, who has to ask for leave."""
    receivers = [world.start("receptor_difusion", world.port, "--paso").at("recvfrom")
                 for _ in range(2)]
    send = ("emisor_difusion", "127.255.255.255", world.port)
    refused = world.start(*send, "sin permiso", "sin")
    assert refused.wait() == 1
    assert refused.errors == "emisor_difusion: sendto: Permission denied\n", refused.errors
    sender = world.start(*send, "a todos", "con")
    assert sender.wait() == 0, sender.errors
    for receiver in receivers:
        receiver.go_on()
        world.wait_output(receiver, b"a todos\n")
        world.tell(receiver.output)
    world.tell(sender)


def group(address, other, world):
    """Members hear it, those of another group do not."""
    # Linux's lo carries no groups of IPv6, nor does ours.
    interface = "eth0" if ":" in address else "lo"
    for argv in ("link add eth0 type veth peer name eth1", "link set eth0 up",
                 "link set eth1 up", "-6 addr add fd00::1/64 dev eth0 nodad"):
        if world.enter and interface == "eth0":
            ip = world.start("ip", *argv.split())
            assert ip.wait() == 0, ip.errors
    receivers = [world.start("receptor_multicast", a, world.port, interface, "--paso")
                 .at("recvfrom") for a in (address, address, other)]
    for to, said in ((address, "al grupo"), (other, "al otro")):
        sender = world.start("emisor_multicast", to, world.port, said, interface)
        assert sender.wait() == 0, sender.errors
        world.tell(sender)
    for receiver, said in zip(receivers, ("al grupo", "al grupo", "al otro")):
        receiver.go_on()
        world.wait_output(receiver, said.encode())
        # The sender's address is whichever the machine has.
        world.tell(re.sub("Mensaje de .*:", "Mensaje de ALGUIEN:", receiver.output.decode()))


def no_group(world):
    for argv in (("192.168.0.1", "7777"), ("::1", "7777"), ("224.0.0.1", "7777", "no-hay"),
                 ("hola", "7777")):
        for program, more in (("receptor_multicast", ()), ("emisor_multicast", ("x",))):
            refused = world.start(program, *argv[:2], *more, *argv[2:])
            assert refused.wait() in (1, 2), refused.output
            world.tell(refused.errors)


def pktinfo(bound, asked, seen, world):
    """Asked at an address that is not the first, it answers from there: the client,
    whose socket is connected, would not hear another."""
    server = world.start("srv_eco_udp_pktinfo", *([bound] if bound else []), world.port)
    client = world.client("cln_eco_udp", asked, world.port, "hola", "desde aquí")
    assert client.process.returncode == 0, client.errors
    assert client.output.decode().splitlines()[0] == \
        f"Respuesta de {asked}:{world.port}: hola", client.output
    world.wait_output(server, f" a {seen} por lo: desde aquí\n".encode())
    world.tell(client)
    world.tell(server)


def apart(name, scenario, ipv6=False):
    """A scenario that on the kernel has a network of its own."""
    scenario = functools.partial(scenario)
    scenario.apart, scenario.ipv6 = True, ipv6
    return name, scenario


SCENARIOS = [
    apart("broadcast.two_hear", broadcast),
    apart("multicast.ipv4", functools.partial(group, "239.1.2.3", "239.1.2.4")),
    apart("multicast.ipv6", functools.partial(group, "ff02::1234", "ff02::1235"), True),
    apart("multicast.no_group", no_group),
    apart("pktinfo.first", functools.partial(pktinfo, None, "127.0.0.1", "127.0.0.1")),
    apart("pktinfo.other", functools.partial(pktinfo, None, "127.0.0.2", "127.0.0.2")),
    apart("pktinfo.ipv6", functools.partial(pktinfo, "::", "::1", "::1"), True),
    apart("pktinfo.mapped", functools.partial(pktinfo, "::", "127.0.0.3",
                                               "::ffff:127.0.0.3"), True)]
