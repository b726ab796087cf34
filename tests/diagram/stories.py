"""The stories that the golden files show. By hand, a capture or a picture of one:

    tests/diagram/stories.py NAME FILE.pcapng [EVENTS.jsonl]

SPDX-License-Identifier: BSD-2-Clause"""

import sys

from story import ACK, FIN, PSH, RST, SYN, Story


def handshake(s, at=0):
    s.tcp(at, "client", "server", SYN, 0, win=64240)
    s.tcp(at + 20100, "server", "client", SYN | ACK, 0, 1, win=65160)
    s.tcp(at + 40200, "client", "server", ACK, 1, 1)
    return at + 40300


def farewell(s, at, client, server):
    s.tcp(at, "client", "server", FIN | ACK, client, server)
    s.tcp(at + 20100, "server", "client", FIN | ACK, server, client + 1)
    s.tcp(at + 40200, "client", "server", ACK, client + 1, server + 1)


def exchange():
    """A request, an answer, and the end, with what the programs call."""
    s = Story()
    s.arp(-41000, "client", "server", 1)
    s.arp(-20500, "server", "client", 2)
    s.call(-300, "server", "listen", 10, fd=3, args="1", result=0, type="tcp",
           state="LISTEN", local="0.0.0.0:80")
    s.call(-200, "server", "accept", 60600, fd=3, result=4, type="tcp",
           state="LISTEN", local="0.0.0.0:80")
    s.call(-100, "client", "connect", 40250, fd=3, args="10.0.0.2:80", result=0,
           type="tcp", state="ESTABLISHED", local="10.0.0.1:40000",
           remote="10.0.0.2:80", sendq=0, sendbuf=87040, recvq=0, recvbuf=131072)
    t = handshake(s)
    s.call(t, "client", "send", 20, fd=3, args="100 bytes", result=100, type="tcp",
           state="ESTABLISHED", local="10.0.0.1:40000", remote="10.0.0.2:80", sendq=100,
           sendbuf=87040, recvq=0, recvbuf=131072)
    s.tcp(t + 10, "client", "server", PSH | ACK, 1, 1, 100)
    s.call(t + 100, "client", "recv", 41000, fd=3, args="65536 bytes", result=500,
           type="tcp", state="ESTABLISHED", local="10.0.0.1:40000",
           remote="10.0.0.2:80")
    s.tcp(t + 20100, "server", "client", ACK, 1, 101)
    s.call(t + 20200, "server", "recv", 30, fd=4, args="4096 bytes", result=100,
           type="tcp", state="ESTABLISHED", local="10.0.0.2:80",
           remote="10.0.0.1:40000")
    s.call(t + 20800, "server", "send", 25, fd=4, args="500 bytes", result=500,
           type="tcp", state="ESTABLISHED", local="10.0.0.2:80",
           remote="10.0.0.1:40000", sendq=500, sendbuf=87040)
    s.tcp(t + 20820, "server", "client", PSH | ACK, 1, 101, 500)
    s.tcp(t + 40900, "client", "server", ACK, 101, 501)
    s.call(t + 41500, "client", "close", 15, fd=3, result=0, type="tcp",
           state="FIN-WAIT-1", local="10.0.0.1:40000", remote="10.0.0.2:80")
    farewell(s, t + 41510, 101, 501)
    return s


def loss():
    """The second of five segments is lost; duplicate ACKs bring it again."""
    s = Story()
    t = handshake(s)
    for i in range(5):
        s.tcp(t + i * 50, "client", "server", ACK, 1 + 1448 * i, 1, 1448,
              note="lost (impairment)" if i == 1 else None)
    s.tcp(t + 20100, "server", "client", ACK, 1, 1449)
    for i in range(2, 5):
        s.tcp(t + 20100 + i * 50, "server", "client", ACK, 1, 1449,
              sack=[(2897, 2897 + 1448 * (i - 1))])
    s.tcp(t + 40300, "client", "server", ACK, 1449, 1, 1448)
    s.tcp(t + 60400, "server", "client", ACK, 1, 7241)
    farewell(s, t + 80500, 7241, 1)
    return s


def bulk():
    """A long run, folded; then the reader stops and the window closes."""
    s = Story(delay_us=1000)
    s.tcp(0, "client", "server", SYN, 0, win=64240)
    s.tcp(1050, "server", "client", SYN | ACK, 0, 1, win=65160)
    s.tcp(2100, "client", "server", ACK, 1, 1)
    seq = 1
    for i in range(342):
        s.tcp(3000 + i * 20, "client", "server", ACK, seq, 1, 1460)
        seq += 1460
        if i % 2:
            s.tcp(4010 + i * 20, "server", "client", ACK, 1, seq, win=501)
    s.tcp(12000, "server", "client", ACK, 1, seq, win=0)
    s.tcp(212000, "client", "server", ACK, seq - 1, 1)
    s.tcp(213010, "server", "client", ACK, 1, seq, win=0)
    s.tcp(250000, "server", "client", ACK, 1, seq, win=400)
    s.tcp(252000, "client", "server", PSH | ACK, seq, 1, 700)
    s.tcp(253010, "server", "client", RST | ACK, 1, seq + 700, win=0)
    return s


def refused():
    """Nobody listens: TCP says so with a reset, UDP with ICMP."""
    s = Story()
    s.tcp(0, "client", "server", SYN, 0, win=64240)
    s.tcp(20100, "server", "client", RST | ACK, 0, 1, win=0)
    s.udp(60000, "client", "server", 5000, 9, 12)
    s.icmp(80100, "server", "client", 3, 3, 0, b"E" + b"\0" * 27)
    s.icmp(120000, "client", "server", 8, 0, 7 << 16 | 1, b"ping")
    s.icmp(140100, "server", "client", 0, 0, 7 << 16 | 1, b"ping")
    s.icmp(150000, "client", "server", 8, 0, 7 << 16 | 2, b"ping",
           note="queue full")
    return s


def six():
    """Over IPv6, with a segment that the link turned around."""
    s = Story(family=1)
    t = handshake(s)
    s.tcp(t + 100, "client", "server", ACK, 11, 1, 10)
    s.tcp(t + 200, "client", "server", ACK, 1, 1, 10, note="reordered")
    s.tcp(t + 20150, "server", "client", ACK, 1, 1)
    s.tcp(t + 20250, "server", "client", ACK, 1, 21)
    s.icmp(t + 90000, "client", "server", 128, 0, 1 << 16 | 1, b"ping")
    return s


def ladder():
    """README's picture: a greeting, three segments of which one is lost, the end."""
    s = Story()
    client = {"type": "tcp", "local": "10.0.0.1:40000", "remote": "10.0.0.2:80"}
    server = {"type": "tcp", "local": "10.0.0.2:80", "remote": "10.0.0.1:40000"}
    s.call(-2000, "server", "listen", 10, fd=3, args="5", result=0, type="tcp",
           state="LISTEN", local="0.0.0.0:80")
    s.call(-1000, "server", "accept", 61500, fd=3, result=4, type="tcp",
           local="0.0.0.0:80")
    s.call(-100, "client", "connect", 40250, fd=3, args="10.0.0.2:80", result=0,
           **client)
    t = handshake(s)
    s.call(t - 20, "client", "write", 15, fd=3, args="4344 bytes", result=4344,
           sendq=4344, sendbuf=87040, **client)
    for i in range(3):
        s.tcp(t + i * 50, "client", "server", (PSH if i == 2 else 0) | ACK, 1 + 1448 * i,
              1, 1448, note="lost (impairment)" if i == 1 else None)
    s.call(t + 20300, "server", "read", 20, fd=4, args="8192 bytes", result=1448,
           **server)
    s.call(t + 20400, "server", "read", 60000, fd=4, args="8192 bytes", result=2896,
           **server)
    s.tcp(t + 20100, "server", "client", ACK, 1, 1449)
    s.tcp(t + 20200, "server", "client", ACK, 1, 1449, sack=[(2897, 4345)])
    s.tcp(t + 60200, "client", "server", ACK, 1449, 1, 1448)
    s.call(t + 80500, "server", "write", 15, fd=4, args="200 bytes", result=200,
           sendq=200, sendbuf=87040, **server)
    s.call(t + 21000, "client", "read", 79700, fd=3, args="8192 bytes", result=200,
           **client)
    s.tcp(t + 80520, "server", "client", PSH | ACK, 1, 4345, 200)
    s.call(t + 101000, "client", "close", 12, fd=3, result=0, **client)
    s.tcp(t + 101010, "client", "server", FIN | ACK, 4345, 201)
    s.call(t + 81000, "server", "read", 40100, fd=4, args="8192 bytes", result=0,
           **server)
    s.call(t + 121200, "server", "close", 12, fd=4, result=0, **server)
    s.tcp(t + 121210, "server", "client", FIN | ACK, 201, 4346)
    s.tcp(t + 141300, "client", "server", ACK, 4346, 202)
    return s


def three():
    """Three hosts, the middle one busy while packets pass it, one of which is lost."""
    s = Story()
    s.udp(0, "client", "router", 4000, 53, 20)
    for i in range(8):
        s.call(3000 + 6000 * i, "router", "sendto", 200, fd=3, result=-1, error="EAGAIN",
               args=f"10.0.0.1:4000, {100 + i} bytes", type="udp", local="10.0.0.254:53")
    for i in range(2):
        s.call(-100 + 9 * i, "client", "socket", 2, result=3, pid=70 + i,
               program="a_program_with_a_name", args="AF_INET6, SOCK_DGRAM, 0")
    s.udp(2000, "client", "server", 4000, 53, 30)
    s.udp(9000, "server", "client", 53, 4000, 40)
    s.udp(30000, "client", "server", 4000, 53, 50, note="lost (impairment)")
    s.udp(31000, "server", "router", 53, 4001, 60)
    return s


STORIES = {f.__name__: f for f in (exchange, loss, bulk, refused, six, ladder, three)}

if __name__ == "__main__":
    story = STORIES[sys.argv[1]]()
    with open(sys.argv[2], "wb") as out:
        out.write(story.pcapng())
    if len(sys.argv) > 3:
        story.write_events(sys.argv[3])
