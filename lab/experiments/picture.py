"""A picture of what passed: enchufe diagram's ladder, with a lane for each program.
On lo all of them have one address; so that each stands for itself, the picture's
capture gives the server 127.0.0.1 and each client an address of its own.
SPDX-License-Identifier: BSD-2-Clause"""

import json
import os
import socket
import struct
import subprocess
import time

import segments

ETHERNET = segments.ETHERNET
LANES_MAX = 6  # more clients: those of one program share a lane
LIMIT_S = 120
ICMP, TCP, UDP = 1, 6, 17
# What is known of a call when it has returned.
AFTER = ("took", "result", "error", "state", "sendq", "sendbuf", "recvq", "recvbuf")


class Unpictured(Exception):
    """No picture; the text says why."""


def _ports(packet, at):
    """(source, target) of the IPv4 packet there, if its protocol has ports."""
    if packet[at + 9] in (TCP, UDP) and len(packet) >= at + 24:
        return struct.unpack_from("!HH", packet, at + (packet[at] & 15) * 4)
    return None


def _quoted(packet):
    """Where the packet begins that an ICMP error quotes."""
    at = ETHERNET + (packet[ETHERNET] & 15) * 4 + 8
    if packet[ETHERNET + 9] == ICMP and packet[at - 8] == 3 and len(packet) >= at + 24:
        return at
    return None


def lanes(scene):
    """({port: name of who has it}, {program: its name}), from what passed and who was
    started."""
    order = []
    for _, packet in _mine(scene.capture, scene.port):
        for port in _ports(packet, ETHERNET) or ():
            if port not in order and port != scene.port:
                order.append(port)
    word = str(scene.port)
    started = [p for p in scene.programs if word in p.argv]
    clients = [p for p in started if p.argv.index(word) > 1]
    servers = [p for p in started if p.argv.index(word) == 1]
    owner = {p: p.argv[0] for p in servers}
    names = {scene.port: servers[0].argv[0] if servers else "-"}
    kinds = [p.argv[0] for p in clients]
    if len(kinds) != len(order):  # one that was refused without a packet, say
        names.update((port, "cliente") for port in order)
        return names, owner
    for number, (port, program, kind) in enumerate(zip(order, clients, kinds), 1):
        alone = kinds.count(kind) == 1 or len(clients) > LANES_MAX
        names[port] = owner[program] = kind if alone else f"{kind}-{number}"
    return names, owner


def _mine(path, port):
    """(time, packet) of those over IPv4 with that port."""
    for at_s, packet in segments.packets(path):
        if len(packet) < ETHERNET + 28 or packet[12:14] != b"\x08\x00":
            continue
        at = _quoted(packet) or ETHERNET
        ports = _ports(packet, at)
        if ports and port in ports:
            yield at_s, packet


def _put(packet, at, ports, address):
    struct.pack_into("!4s4s", packet, at + 12, *(address[p] for p in ports))


def _readdress(packet, address):
    """The port whose owner has sent it, and the packet with everybody's address."""
    packet = bytearray(packet)
    at = _quoted(packet)
    if not at:
        ports = _ports(packet, ETHERNET)
        _put(packet, ETHERNET, ports, address)
        return ports[0], packet
    source, target = _ports(packet, at)
    _put(packet, at, (source, target), address)
    _put(packet, ETHERNET, (target, source), address)
    return target, packet


def _option(code, value):
    return struct.pack("=HH", code, len(value)) + value + bytes(-len(value) % 4)


def _block(kind, body):
    size = len(body) + 12
    return struct.pack("=II", kind, size) + body + struct.pack("=I", size)


def _hosts(port, names):
    """The lanes' names, the server's first."""
    return list(dict.fromkeys([names[port], *names.values()]))


def addresses(port, names):
    """{port: the address that who has it gets in the picture}."""
    hosts = _hosts(port, names)
    return {p: bytes((127, 0, 0, 1 + hosts.index(name))) for p, name in names.items()}


def rewrite(capture, port, names, address, out):
    """The pcapng file from which the picture is made; an interface for each lane."""
    hosts = _hosts(port, names)
    with open(out, "wb") as file:
        file.write(_block(0x0a0d0d0a, struct.pack("=IHHq", 0x1a2b3c4d, 1, 0, -1) +
                          _option(4, b"enchufe lab") + _option(0, b"")))
        for name in hosts:
            file.write(_block(1, struct.pack("=HHI", 1, 0, 0) +
                              _option(2, f"lo/{name}".encode()) + _option(9, b"\x09") +
                              _option(0, b"")))
        for at_s, packet in _mine(capture, port):
            sender, packet = _readdress(packet, address)
            stamp = round(at_s * 1e9)
            size = ETHERNET + struct.unpack_from("!H", packet, ETHERNET + 2)[0]
            file.write(_block(6, struct.pack(
                "=IIIII", hosts.index(names[sender]), stamp >> 32, stamp & 0xffffffff,
                len(packet), size) + packet + bytes(-len(packet) % 4) +
                _option(2, struct.pack("=I", 2)) + _option(0, b"")))


def _let(scene):
    """{program: what it was let do, one call each (docs/diagram.md)}."""
    found = {program: [] for program in scene.programs}
    for call in scene.calls:
        event = {"time": call.time, "call": call.name, "program": call.program.argv[0],
                 "pid": call.program.process.pid}
        if call.returned():
            event["took"] = call.took or 0
        found[call.program].append(event)
    return found


def _traced(program, end):
    """What enchufe run has told of it, until the picture's end."""
    assert os.path.exists(program.trace), f"{program.argv[0]}: its calls are not told"
    found = []
    with open(program.trace, encoding="utf-8") as file:
        for event in map(json.loads, file):
            if event["time"] > end:
                break
            if event["time"] + event.get("took", 0) > end:
                for name in AFTER:
                    event.pop(name, None)
            found.append(event)
    return found


def _moved(event, address):
    """With the addresses that the picture gives."""
    for name in ("local", "remote", "args"):
        host, _, port = event.get(name, "").rpartition(":")
        if host == "127.0.0.1" and port.isdigit() and int(port) in address:
            event[name] = f"{socket.inet_ntoa(address[int(port)])}:{port}"
    return event


def events(scene, owner, address, out):
    """What the programs called, one call a line (docs/diagram.md). On enchufe they end
    here, as their calls are told then; what the trace does not see is as they were let."""
    let, end = _let(scene), time.time()
    with open(out, "w", encoding="utf-8") as file:
        for program in scene.programs:
            if program not in owner:
                continue
            told = []
            if program.trace:
                program.end()
                told = _traced(program, end)
            seen = {event["call"] for event in told}
            pid = told[0]["pid"] if told else program.process.pid  # not enchufe run's
            told += [{**event, "pid": pid} for event in let[program]
                     if event["call"] not in seen]
            for event in told:
                event["host"] = owner[program]
                file.write(_line(_moved(event, address)) + "\n")


def _line(event):
    """JSON with decimals for the times, not exponents."""
    times = "".join(f', "{name}": {event.pop(name):.9f}' for name in ("time", "took")
                    if name in event)
    return json.dumps(event)[:-1] + times + "}"


def prepare(scene, source):
    """Writes SOURCE.pcapng and SOURCE.events, of which draw() makes pictures."""
    scene.watched()
    names, owner = lanes(scene)
    address = addresses(scene.port, names)
    rewrite(scene.capture, scene.port, names, address, source + ".pcapng")
    events(scene, owner, address, source + ".events")


def draw(enchufe, source, title, file):
    """From PATH.pcapng and PATH.events to FILE (.svg, .html or .txt)."""
    file = os.path.abspath(file)
    done = subprocess.run(
        [enchufe, "diagram", "-o", file, "-e", source + ".events", "--title", title,
         source + ".pcapng"], capture_output=True, text=True, timeout=LIMIT_S)
    if done.returncode:
        raise Unpictured(done.stderr.strip())


def named(file, place, both):
    """FILE, or FILE with the place in its name if there are two."""
    stem, end = os.path.splitext(file)
    return f"{stem}-{place}{end}" if both else file
