"""Captures made by hand: packets with the times and fates that a story wants, in every
format that capture files come in. SPDX-License-Identifier: BSD-2-Clause"""

import json
import socket
import struct

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
START_NS = 1_700_000_000_000_000_000
MAC = {"client": b"\x02\0\0\0\0\x01", "server": b"\x02\0\0\0\0\x02",
       "router": b"\x02\0\0\0\0\x03"}
ADDR = {"client": ("10.0.0.1", "fd00::1"), "server": ("10.0.0.2", "fd00::2"),
        "router": ("10.0.0.254", "fd00::fe")}


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Packet:
    def __init__(self, us, source, dest, eth_type, data, note=None, delay_us=20000):
        self.us, self.source, self.dest = us, source, dest
        self.eth_type, self.data, self.note = eth_type, data, note
        self.delay_us = delay_us

    def lost(self):
        return bool(self.note) and self.note.startswith(("lost", "queue full"))

    def frame(self):
        return (MAC[self.dest] + MAC[self.source] + struct.pack("!H", self.eth_type)
                + self.data)


class Story:
    """Two hosts and what they say. Times are microseconds since the beginning."""

    def __init__(self, delay_us=20000, family=0):
        self.delay_us, self.family = delay_us, family
        self.packets, self.events = [], []
        self.ident = 0

    # --- packets ---------------------------------------------------------------------

    def raw(self, us, source, dest, eth_type, data, note=None):
        self.packets.append(Packet(us, source, dest, eth_type, data, note,
                                   self.delay_us))

    def ip(self, us, source, dest, proto, payload, note=None, ttl=64):
        src, dst = ADDR[source][self.family], ADDR[dest][self.family]
        if self.family:
            head = struct.pack("!IHBB", 6 << 28, len(payload), proto, ttl)
            head += socket.inet_pton(socket.AF_INET6, src)
            head += socket.inet_pton(socket.AF_INET6, dst)
            return self.raw(us, source, dest, 0x86dd, head + payload, note)
        self.ident += 1
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), self.ident,
                           0x4000, ttl, proto, 0, socket.inet_aton(src),
                           socket.inet_aton(dst))
        head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
        return self.raw(us, source, dest, 0x0800, head + payload, note)

    def tcp(self, us, source, dest, flags, seq, ack=0, length=0, win=502, ports=None,
            note=None, sack=(), base=(1000, 5000)):
        """seq and ack are relative; base: the two first numbers, client's and
        server's. A SYN carries an MSS and a window scale of 7."""
        mine, other = base if source == "client" else base[::-1]
        sport, dport = ports or ((40000, 80) if source == "client" else (80, 40000))
        options = b""
        if flags & SYN:
            options = struct.pack("!BBHBBBB", 2, 4, 1460, 1, 3, 3, 7)
        if sack:
            options = struct.pack("!BBBB", 1, 1, 5, 2 + 8 * len(sack))
            for begin, end in sack:
                options += struct.pack("!II", other + begin, other + end)
        head = struct.pack("!HHIIBBHHH", sport, dport, (mine + seq) & 0xffffffff,
                           (other + ack) & 0xffffffff if flags & ACK else 0,
                           (20 + len(options)) // 4 << 4, flags, win, 0, 0)
        self.ip(us, source, dest, 6, head + options + b"x" * length, note)

    def udp(self, us, source, dest, sport, dport, length, note=None):
        self.ip(us, source, dest, 17,
                struct.pack("!HHHH", sport, dport, 8 + length, 0) + b"u" * length, note)

    def icmp(self, us, source, dest, kind, code, info=0, body=b"", note=None):
        head = struct.pack("!BBHI", kind, code, 0, info) + body
        head = head[:2] + struct.pack("!H", checksum(head)) + head[4:]
        self.ip(us, source, dest, 58 if self.family else 1, head, note)

    def arp(self, us, source, dest, operation):
        self.raw(us, source, dest, 0x0806, struct.pack(
            "!HHBBH6s4s6s4s", 1, 0x0800, 6, 4, operation, MAC[source],
            socket.inet_aton(ADDR[source][0]), b"\0" * 6 if operation == 1 else
            MAC[dest], socket.inet_aton(ADDR[dest][0])))

    # --- events ------------------------------------------------------------------------

    def call(self, us, host, name, took_us=None, **more):
        event = {"time": None, "host": host, "pid": 7 if host == "client" else 8,
                 "call": name}
        event.update(more)
        text = json.dumps(event)
        time = f"{(START_NS + us * 1000) // 10**9}.{(START_NS + us * 1000) % 10**9:09}"
        text = text.replace('"time": null', f'"time": {time}')
        if took_us is not None:
            text = text[:-1] + f', "took": {took_us / 1e6:.9f}' + "}"
        self.events.append(text + "\n")

    def write_events(self, path):
        with open(path, "w", encoding="utf-8") as f:
            f.writelines(self.events)

    # --- files -------------------------------------------------------------------------

    def sorted(self):
        return sorted(self.packets, key=lambda p: p.us)

    def pcapng(self, order="<", application=b"enchufe", resolution=9, silent=()):
        """As enchufe captures: each frame once, as it is sent, with its fate. silent:
        hosts that send nothing, whose interfaces are there with their addresses."""
        def block(kind, body):
            size = 12 + len(body)
            return struct.pack(order + "II", kind, size) + body + \
                struct.pack(order + "I", size)

        def option(code, value):
            return struct.pack(order + "HH", code, len(value)) + value + \
                b"\0" * (-len(value) % 4)

        out = block(0x0a0d0d0a, struct.pack(order + "IHHq", 0x1a2b3c4d, 1, 0, -1)
                    + option(4, application) + option(0, b""))
        hosts = sorted({p.source for p in self.packets}) + list(silent)
        for host in hosts:
            address = socket.inet_aton(ADDR[host][0]) + b"\xff\0\0\0"
            out += block(1, struct.pack(order + "HHI", 1, 0, 0)
                         + option(2, b"wire/" + host.encode())
                         + option(9, bytes([resolution]))
                         + (option(4, address) if host in silent else b"")
                         + option(0, b""))
        for p in self.sorted():
            ticks = (START_NS + p.us * 1000) // 10 ** (9 - resolution)
            note = p.note
            if not p.lost() and p.delay_us and application == b"enchufe":
                note = f"arrives in {p.delay_us // 1000}.{p.delay_us % 1000:03}000 ms"
                note += f", {p.note}" if p.note else ""
            frame = p.frame()
            body = struct.pack(order + "IIIII", hosts.index(p.source), ticks >> 32,
                               ticks & 0xffffffff, len(frame), len(frame))
            body += frame + b"\0" * (-len(frame) % 4)
            if note:
                body += option(1, note.encode())
            out += block(6, body + option(2, struct.pack(order + "I", 2))
                         + option(0, b""))
        return out

    def at_both_ends(self, order="<"):
        """As tcpdump at each host writes it: two interfaces, no fates."""
        def block(kind, body):
            size = 12 + len(body)
            return struct.pack(order + "II", kind, size) + body + \
                struct.pack(order + "I", size)

        seen = []
        for p in self.sorted():
            seen.append((p.us, p.source, p))
            if not p.lost():
                seen.append((p.us + p.delay_us, p.dest, p))
        seen.sort(key=lambda s: s[0])
        hosts = sorted({p.source for p in self.packets})
        out = block(0x0a0d0d0a, struct.pack(order + "IHHq", 0x1a2b3c4d, 1, 0, -1))
        for _ in hosts:
            out += block(1, struct.pack(order + "HHI", 1, 0, 0))
        for us, host, p in seen:
            ticks = (START_NS + us * 1000) // 1000
            frame = p.frame()
            out += block(6, struct.pack(order + "IIIII", hosts.index(host),
                                        ticks >> 32, ticks & 0xffffffff, len(frame),
                                        len(frame)) + frame + b"\0" * (-len(frame) % 4))
        return out

    def pcap(self, order="<", nano=False, link="ethernet", keep=None):
        """At one end, the first packet's sender's; lost packets that it sent are there,
        those that it should have received are not."""
        kinds = {"ethernet": 1, "raw": 101, "sll": 113, "sll2": 276, "null": 0}
        out = struct.pack(order + "IHHiIII", 0xa1b23c4d if nano else 0xa1b2c3d4, 2, 4,
                          0, 0, 65535, kinds[link])
        here = self.sorted()[0].source
        seen = [(p.us if p.source == here else p.us + p.delay_us, p)
                for p in self.packets if p.source == here or not p.lost()]
        for us, p in sorted(seen, key=lambda s: s[0]):
            data = p.data
            if link == "ethernet":
                data = p.frame()
            elif link == "sll":
                data = struct.pack("!HHH8sH", 0, 1, 6, MAC[p.source], p.eth_type) + data
            elif link == "sll2":
                data = struct.pack("!HHIHBB8s", p.eth_type, 0, 1, 1, 0, 6,
                                   MAC[p.source]) + data
            elif link == "null":
                data = struct.pack("=I", 2) + data
            ns = START_NS + us * 1000
            kept = data[:keep] if keep else data
            out += struct.pack(order + "IIII", ns // 10**9,
                               ns % 10**9 // (1 if nano else 1000), len(kept),
                               len(data)) + kept
        return out
