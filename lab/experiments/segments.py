"""Segments read from what watch.py has written: enough to count them.
SPDX-License-Identifier: BSD-2-Clause"""

import collections
import struct

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
ETHERNET, FILE_HEAD, PACKET_HEAD = 14, 24, 16

# time: s; data: how many bytes of it; seq, ack: relative to the first sequence number of
# their direction.
Segment = collections.namedtuple("Segment", "time source target seq ack flags data")


def packets(path):
    """(time, bytes kept) of each whole packet so far."""
    with open(path, "rb") as file:
        content = file.read()
    at = FILE_HEAD
    while at + PACKET_HEAD <= len(content):
        seconds, nanos, kept, _ = struct.unpack_from("=IIII", content, at)
        at += PACKET_HEAD
        if at + kept > len(content):
            return
        yield seconds + nanos / 1e9, content[at:at + kept]
        at += kept


def _tcp(packet):
    """(ports, seq, ack, flags, data's length) of a segment over IPv4 or IPv6; None of
    another packet."""
    kind, = struct.unpack_from("!H", packet, 12)
    if kind == 0x0800 and len(packet) >= 34 and packet[23] == 6:
        at = ETHERNET + (packet[14] & 15) * 4
        end = ETHERNET + struct.unpack_from("!H", packet, 16)[0]
    elif kind == 0x86dd and len(packet) >= 54 and packet[20] == 6:
        at = ETHERNET + 40
        end = at + struct.unpack_from("!H", packet, 18)[0]
    else:
        return None
    if len(packet) < at + 20:
        return None
    source, target, seq, ack = struct.unpack_from("!HHII", packet, at)
    size = end - at - (packet[at + 12] >> 4) * 4
    return source, target, seq, ack, packet[at + 13], size


def conversation(path, port):
    """The segments with this port at one end, in order."""
    first, found = {}, []
    for time, packet in packets(path):
        parts = _tcp(packet)
        if not parts or port not in parts[:2]:
            continue
        source, target, seq, ack, flags, data = parts
        seq = (seq - first.setdefault((source, target), seq)) % 2**32
        ack = (ack - first.get((target, source), ack)) % 2**32 if flags & ACK else 0
        found.append(Segment(time, source, target, seq, ack, flags, data))
    return found


def flows(path, port):
    """The conversations with this port, one after the other as they began: by the
    other end's port."""
    found = {}
    for one in conversation(path, port):
        other = one.source if one.target == port else one.target
        found.setdefault(other, []).append(one)
    return list(found.values())


def with_data(found, to):
    """Those that carried new data to that port: what is sent again counts once."""
    reached, new = {}, []
    for s in found:
        if s.target == to and s.data and s.seq + s.data > reached.get(s.source, 0):
            reached[s.source] = s.seq + s.data
            new.append(s)
    return new


def acknowledged(found, to):
    """How many bytes of data for that port have been acknowledged."""
    return max((s.ack - 1 for s in found if s.source == to and s.ack), default=0)


def ended(found):
    """Both ends have said their last word."""
    return any(s.flags & RST for s in found) or \
        len({(s.source, s.target) for s in found if s.flags & FIN}) >= 2
