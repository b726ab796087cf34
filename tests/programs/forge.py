"""A host that speaks as a router on the way would. SPDX-License-Identifier: BSD-2-Clause"""


def router(port, icmp, last):
    """The source of a program, for root: it says "ready", answers the next datagram for
    that port with an ICMP error whose first eight bytes are `icmp`, an expression, and
    ends with the statement `last`, where `udp` is the port's socket."""
    return f"""
import socket, struct
def total(b):
    s = sum(struct.unpack(f"!{{len(b) // 2}}H", b)); s = (s >> 16) + (s & 0xffff)
    return ~(s + (s >> 16)) & 0xffff
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("", {port})) # nobody is refused
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
print("ready")
packet = raw.recv(2000)
body = {icmp} + packet[:28]
body = body[:2] + struct.pack("!H", total(body)) + body[4:]
icmp = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
icmp.sendto(body, (socket.inet_ntoa(packet[12:16]), 0))
udp.settimeout(100)
{last}
"""
