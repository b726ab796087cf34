"""Datagrams keep their borders. SPDX-License-Identifier: BSD-2-Clause"""

from experiment import experiment

READ = r"(?:leído|read) (\d+)"
LOST = r"(?:leído|read) (\d+) [^\n]*\((?:el resto se ha perdido|the rest is lost)\)"
LARGEST = 65507  # 65,535 less the headers of IPv4 (20) and UDP (8)


def _bound(s, size):
    """A receiver that is known to be there and takes nothing yet."""
    return s.start("receptor_dgram", s.port, size, "--paso").at("recvmsg")


def _sends(s, size):
    sender = s.start("emisor_dgram", "127.0.0.1", s.port, size)
    sender.wait()
    return sender


@experiment("receptor_dgram emisor_dgram")
def dgram_borders(s):
    receiver = _bound(s, 100)
    for _ in range(2):
        assert _sends(s, 50).process.returncode == 0
    receiver.go_on()
    s.sees(s.said(receiver, READ, 2) == ["50", "50"],
           "dos sendto de 50 bytes: dos recvmsg, que piden 100, devuelven 50 y 50",
           "two sendto of 50 bytes: two recvmsg, which ask for 100, return 50 and 50")


@experiment("receptor_dgram emisor_dgram")
def dgram_truncated(s):
    receiver = _bound(s, 50)
    for size in (100, 20):
        assert _sends(s, size).process.returncode == 0
    receiver.go_on()
    s.sees(s.said(receiver, READ, 2) == ["50", "20"] and s.said(receiver, LOST) == ["50"],
           "de un datagrama de 100 bytes, quien pide 50 recibe 50; el resto se pierde "
           "(MSG_TRUNC), y la lectura siguiente da ya el otro datagrama (20)",
           "of a datagram of 100 bytes who asks for 50 gets 50; the rest is lost "
           "(MSG_TRUNC), and the next read gives the other datagram already (20)")


@experiment("receptor_dgram emisor_dgram")
def dgram_largest(s):
    receiver = _bound(s, 70000)
    s.sees(_sends(s, LARGEST).process.returncode == 0, "65 507 bytes se pueden enviar",
           "65,507 bytes can be sent")
    refused = _sends(s, LARGEST + 1)
    s.sees(refused.process.returncode == 1 and
           "sendto: Message too long" in refused.errors,
           "65 508 no: EMSGSIZE («Message too long»)",
           "65,508 cannot: EMSGSIZE (\"Message too long\")")
    receiver.go_on()
    s.sees(s.said(receiver, READ) == [str(LARGEST)], "el receptor recibe los 65 507 de una vez",
           "the receiver gets the 65,507 at once")


@experiment("emisor_dgram")
def dgram_nobody(s):
    s.sees(_sends(s, 10).process.returncode == 0,
           "sendto tiene éxito aunque no haya ningún receptor",
           "sendto succeeds although there is no receiver")
