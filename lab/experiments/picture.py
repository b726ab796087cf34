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
LANES_MAX = 4  # more clients: those of one program share a lane
LIMIT_S = 120
SIX = socket.inet_pton(socket.AF_INET6, "fd00::")[:15]  # of the addresses of IPv6
ICMP, TCP, UDP = 1, 6, 17
# What is known of a call when it has returned.
AFTER = ("took", "result", "error", "state", "sendq", "sendbuf", "recvq", "recvbuf")


class Unpictured(Exception):
    """No picture; the text says why."""


def _is_six(packet):
    return packet[12:14] == b"\x86\xdd"


def _ports(packet, at):
    """(source, target) of the IP packet there, if its protocol has ports."""
    if packet[at] >> 4 == 6:
        known = packet[at + 6] in (TCP, UDP) and len(packet) >= at + 44
        return struct.unpack_from("!HH", packet, at + 40) if known else None
    if packet[at + 9] in (TCP, UDP) and len(packet) >= at + 24:
        return struct.unpack_from("!HH", packet, at + (packet[at] & 15) * 4)
    return None


def _quoted(packet):
    """Where the packet begins that an ICMP error quotes."""
    if _is_six(packet):
        return None
    at = ETHERNET + (packet[ETHERNET] & 15) * 4 + 8
    if packet[ETHERNET + 9] == ICMP and packet[at - 8] == 3 and len(packet) >= at + 24:
        return at
    return None


def lanes(scene, told):
    """({port: name of who has it}, {program: its name}), from what passed, who was
    started and what their calls tell."""
    word, order = str(scene.port), []
    for _, packet in _mine(scene.capture, scene.port):
        for port in _ports(packet, ETHERNET) or ():
            if port not in order and port != scene.port:
                order.append(port)
    servers = [p for p in scene.programs if p.argv[1:2] == [word]]
    clients = [p for p in scene.programs if p not in servers and
               any(word == a or f":{word}/" in a for a in p.argv)]
    name = _common([p.argv[0] for p in servers])
    owner = {p: name for p in servers}
    kinds = [p.argv[0] for p in clients]
    for number, (program, kind) in enumerate(zip(clients, kinds)):
        alone = kinds.count(kind) == 1 or len(clients) > LANES_MAX
        owner[program] = kind if alone else f"{kind}-{kinds[:number].count(kind) + 1}"
    names = {scene.port: name}
    whose = {port: p for p in clients for port in _local_ports(told.get(p, ()))}
    names.update((port, owner[whose[port]]) for port in order if port in whose)
    ports = [port for port in order if port not in whose]
    others = [p for p in clients if p not in whose.values()]
    if len(ports) != len(others):  # one that was refused without a packet, say
        alike = len(set(kinds)) == 1 and len(clients) > LANES_MAX
        names.update((port, kinds[0] if alike else "cliente") for port in ports)
    names.update((port, owner[p]) for port, p in zip(ports, others)
                 if len(ports) == len(others))
    return names, owner


def _local_ports(events):
    """Of the sockets that a program's calls were about."""
    ports = (event.get("local", "").rpartition(":")[2] for event in events)
    return {int(port) for port in ports if port.isdigit()}


def _common(names):
    """One name for programs that share a lane."""
    if not names:
        return "-"
    return os.path.commonprefix(names).rstrip("_") or names[0]


def _mine(path, port):
    """(time, packet) of those over IP with that port."""
    for at_s, packet in segments.packets(path):
        if len(packet) < ETHERNET + 28 or \
                packet[12:14] not in (b"\x08\x00", b"\x86\xdd"):
            continue
        at = _quoted(packet) or ETHERNET
        ports = _ports(packet, at)
        if ports and port in ports:
            yield at_s, packet


def _put(packet, at, ports, address):
    if packet[at] >> 4 == 6:  # of one network, with the same last byte
        struct.pack_into("!16s16s", packet, at + 8,
                         *(SIX + address[p][-1:] for p in ports))
        return
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
    own = {name: address[p] for p, name in names.items()}
    with open(out, "wb") as file:
        file.write(_block(0x0a0d0d0a, struct.pack("=IHHq", 0x1a2b3c4d, 1, 0, -1) +
                          _option(4, b"enchufe lab") + _option(0, b"")))
        for name in hosts:
            file.write(_block(1, struct.pack("=HHI", 1, 0, 0) +
                              _option(2, f"lo/{name}".encode()) +
                              _option(4, own[name] + b"\xff\0\0\0") +
                              _option(9, b"\x09") + _option(0, b"")))
        for at_s, packet in _mine(capture, port):
            sender, packet = _readdress(packet, address)
            stamp = round(at_s * 1e9)
            size = ETHERNET + (40 + struct.unpack_from("!H", packet, ETHERNET + 4)[0]
                               if _is_six(packet) else
                               struct.unpack_from("!H", packet, ETHERNET + 2)[0])
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


def _joined(lines):
    """The recorder tells a call in two lines: that it begins, and what came of it."""
    calls = {}
    for event in lines:
        number = event.pop("number", None)
        key = (event["pid"], number) if number is not None else len(calls)
        calls.setdefault(key, {}).update(event)
    return sorted(calls.values(), key=lambda event: event["time"])


def _traced(program, end):
    """What was written of its calls, until the picture's end."""
    if not program.trace:
        return []
    program.end()
    assert os.path.exists(program.trace), f"{program.argv[0]}: its calls are not told"
    found = []
    with open(program.trace, encoding="utf-8") as file:
        for event in _joined(map(json.loads, file)):
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
        if not port.isdigit() or int(port) not in address:
            continue
        own = address[int(port)]
        if host in ("127.0.0.1", "[::ffff:127.0.0.1]"):
            event[name] = f"{socket.inet_ntoa(own)}:{port}"
        elif host == "[::1]":
            six = socket.inet_ntop(socket.AF_INET6, SIX + own[-1:])
            event[name] = f"[{six}]:{port}"
    return event


def events(told, let, owner, address, out):
    """What the programs called, one call a line (docs/diagram.md). What was not written of
    their calls is as they were let do it."""
    with open(out, "w", encoding="utf-8") as file:
        for program, name in owner.items():
            mine = told[program]
            seen = {event["call"] for event in mine}
            pid = mine[0]["pid"] if mine else program.process.pid  # not enchufe run's
            mine = mine + [{**event, "pid": pid} for event in let[program]
                           if event["call"] not in seen]
            for event in mine:
                event["host"] = name
                event["program"] = os.path.basename(program.argv[0])  # whole
                file.write(_line(_moved(event, address)) + "\n")


def _line(event):
    """JSON with decimals for the times, not exponents."""
    times = "".join(f', "{name}": {event.pop(name):.9f}' for name in ("time", "took")
                    if name in event)
    return json.dumps(event)[:-1] + times + "}"


def prepare(scene, source):
    """Writes SOURCE.pcapng and SOURCE.events, of which draw() makes pictures. The
    programs end here, as their calls are all told then."""
    scene.watched()
    let, end = _let(scene), time.time()
    told = {program: _traced(program, end) for program in scene.programs}
    names, owner = lanes(scene, told)
    address = addresses(scene.port, names)
    rewrite(scene.capture, scene.port, names, address, source + ".pcapng")
    events(told, let, owner, address, source + ".events")


def draw(enchufe, source, title, file, tongue):
    """From PATH.pcapng and PATH.events to FILE (.svg, .html or .txt), in that language."""
    file = os.path.abspath(file)
    done = subprocess.run(
        [enchufe, "diagram", "-o", file, "-e", source + ".events", "--title", title,
         "--lang", tongue, source + ".pcapng"], capture_output=True, text=True, timeout=LIMIT_S)
    if done.returncode:
        raise Unpictured(done.stderr.strip())


def named(file, place, both):
    """FILE, or FILE with the place in its name if there are two."""
    stem, end = os.path.splitext(file)
    return f"{stem}-{place}{end}" if both else file
