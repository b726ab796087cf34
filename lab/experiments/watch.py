"""Writes what passes lo to a pcap file: a packet socket, on the kernel (in a
namespace) as on enchufe. Says "ready" when it sees, and ends when its standard
input does.

usage: watch.py FILE
SPDX-License-Identifier: BSD-2-Clause"""

import select
import socket
import struct
import sys

PACKET_OUTGOING = 4  # linux/if_packet.h
ETH_P_ALL = 3
SNAP = 192  # bytes kept of a packet: headers, and the beginning of the data
SO_TIMESTAMPNS, STAMP = 35, struct.Struct("=qq")  # asm-generic/socket.h; s, ns
BUFFER = 8 << 20  # bytes; the kernel gives what its limits let it
QUIET_S = 0.3  # after the end was asked: nothing more comes

# Nanoseconds, LINKTYPE_ETHERNET.
HEAD = struct.pack("=IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, SNAP, 1)


def main():
    watcher = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    watcher.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    # When a packet came, not when we come to read it: between the calls it has its place.
    watcher.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    watcher.bind(("lo", ETH_P_ALL))
    buffer = bytearray(SNAP)
    with open(sys.argv[1], "wb", buffering=0) as file:
        file.write(HEAD)
        print("ready", flush=True)
        ending = False
        while True:
            ready, _, _ = select.select([watcher] if ending else [watcher, sys.stdin],
                                        [], [], QUIET_S if ending else None)
            if sys.stdin in ready:
                ending = True
            if watcher in ready:
                # MSG_TRUNC: how long it was, also when it is cut.
                size, beside, _, address = watcher.recvmsg_into(
                    [buffer], socket.CMSG_SPACE(STAMP.size), socket.MSG_TRUNC)
                seconds, nanos = STAMP.unpack(beside[0][2])
                if address[2] != PACKET_OUTGOING:
                    kept = min(size, SNAP)
                    file.write(struct.pack("=IIII", seconds, nanos, kept, size) +
                               buffer[:kept])
            elif ending:
                return


main()
