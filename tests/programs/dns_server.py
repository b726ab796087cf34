"""A DNS server of a few names, by UDP and TCP, for tests: prints what it is asked.
usage: dns_server.py. SPDX-License-Identifier: BSD-2-Clause"""

import socket
import struct
import threading

A, PTR, AAAA = 1, 12, 28
TRUNCATED, NO_SUCH_NAME = 0x200, 3
LARGE = 60  # addresses of a name that does not fit a datagram of 512 bytes

NAMES = {
    ("deep.example.test", A): [socket.inet_aton("10.9.8.7")],
    ("deep.example.test", AAAA): [socket.inet_pton(socket.AF_INET6, "fd99::7")],
    ("large.example.test", A): [bytes((10, 1, 2, k + 1)) for k in range(LARGE)],
    ("7.8.9.10.in-addr.arpa", PTR): [b"\4deep\7example\4test\0"],
}


def question(query):
    """(name, type, its end) of the first question."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode())
        at += query[at] + 1
    return ".".join(labels).lower(), struct.unpack_from(">H", query, at + 1)[0], at + 5


def answer(query, by):
    name, kind, end = question(query)
    print(by, name, {A: "A", AAAA: "AAAA", PTR: "PTR"}.get(kind, kind), flush=True)
    records = NAMES.get((name, kind), [])
    flags = 0x8180
    if not any(known == name for known, _ in NAMES):
        flags |= NO_SUCH_NAME
    if len(records) > 20 and by == "udp":
        flags |= TRUNCATED
        records = []
    body = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(r)) + r
                    for r in records)
    return query[:2] + struct.pack(">HHHHH", flags, 1, len(records), 0, 0) + \
        query[12:end] + body


def serve_tcp(listener):
    while True:
        with listener.accept()[0] as peer:
            head = peer.recv(2, socket.MSG_WAITALL)
            if len(head) == 2:
                size = struct.unpack(">H", head)[0]
                reply = answer(peer.recv(size, socket.MSG_WAITALL), "tcp")
                peer.sendall(struct.pack(">H", len(reply)) + reply)


def main():
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("0.0.0.0", 53))
    listener = socket.create_server(("0.0.0.0", 53))
    threading.Thread(target=serve_tcp, args=(listener,), daemon=True).start()
    print("ready", flush=True)
    while True:
        query, peer = udp.recvfrom(4096)
        udp.sendto(answer(query, "udp"), peer)


main()
