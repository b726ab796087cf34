"""What send() says, and when: before accept, with no room, without a receiver.
SPDX-License-Identifier: BSD-2-Clause"""

import signal
import time

from experiment import experiment
from world import until

BIG = 50_000_000
WAIT_S = 0.3  # how long we look at somebody who must wait
TRIES = 20
COUNT = r"send: (\d+) (?:de|of) \d+"


@experiment("receptor emisor")
def send_before_accept(s):
    server = s.listening("receptor", 4096)
    s.sees(s.sends(1024).wait() == 0,
           "emisor envía 1024 bytes y termina bien sin que nadie haya aceptado",
           "emisor sends 1024 bytes and ends well although nobody has accepted")
    server.go_on()
    s.said(server, r"total 1024\b")
    s.sees(True, "después de accept, el receptor lee los 1024 bytes",
           "after accept the receiver reads the 1024 bytes")


@experiment("receptor emisor")
def three_senders(s):
    server = s.listening("receptor", 4096)
    senders = [s.sends(1024) for _ in range(3)]
    s.sees([sender.wait() for sender in senders] == [0, 0, 0],
           "los tres emisores terminan bien sin que nadie haya aceptado",
           "all three senders end well although nobody has accepted")
    server.go_on()
    s.said(server, r"total 1024\b", 3)
    s.sees(True, "después de accept, el receptor lee 1024 bytes de cada uno",
           "after accept the receiver reads 1024 bytes from each")


@experiment("receptor emisor conecta")
def server_dies(s):
    server = s.listening("receptor", 4096)
    sender = s.sends(1024, "--paso").at("connect").step().at("send").step().at("close")
    server.end(signal.SIGKILL)
    sender.step()
    s.sees(sender.wait() == 0 and "1024" in s.said(sender, COUNT),
           "el servidor cae después del send: el emisor ya ha terminado bien, y los 1024 "
           "bytes se han perdido",
           "the server dies after send: the sender has ended well, and the 1024 bytes "
           "are lost")
    server = s.listening("receptor", 4096)
    sender = s.sends(1024, "--paso").at("connect").step().at("send")
    server.end(signal.SIGKILL)
    until(lambda: s.connects().wait() == 1, lambda: "the server's end is never seen")
    sender.step()
    s.sees(sender.wait() == 1 and "send: Connection reset by peer" in sender.errors,
           "el servidor cae entre connect y send: send falla con ECONNRESET",
           "the server dies between connect and send: send fails with ECONNRESET")


@experiment("receptor emisor")
def big_send_blocks(s):
    server = s.listening("receptor", BIG)
    first = s.sends(BIG, "--paso").at("connect").step().at("send").step()
    second = s.sends(1024)
    s.sees(second.wait() == 0,
           "el segundo cliente (1024 bytes) termina aunque el primero no ha terminado",
           "the second client (1024 bytes) ends although the first has not")
    time.sleep(WAIT_S)
    s.sees(first.process.poll() is None and first.output == b"",
           "el primero (50 000 000 bytes) sigue bloqueado en send",
           "the first (50,000,000 bytes) is still blocked in send")
    server.go_on()
    first.at("close").step()
    s.sees(first.wait() == 0 and s.said(first, COUNT) == [str(BIG)],
           "cuando el receptor lee, aquel send devuelve 50 000 000",
           "when the receiver reads, that send returns 50,000,000")
    s.said(server, rf"total (?:{BIG}|1024)\b", 2)
    s.sees(True, "el receptor lo ha leído todo de los dos",
           "the receiver has read all of both")


def _first_error(sender):
    """Of the sends that follow the short one: what it was."""
    return ("ECONNRESET" if "Connection reset by peer" in sender.errors else
            "EPIPE" if "Broken pipe" in sender.errors else
            "SIGPIPE" if sender.process.poll() == -signal.SIGPIPE else None)


@experiment("receptor emisor")
def receiver_dies(s):
    server = s.listening("receptor", 4096)
    sender = s.sends(BIG, "--paso").at("connect").step().at("send").step()
    server.step().at("recv").step()
    s.said(server, r"(?:leído|read) \d+")
    server.end(signal.SIGKILL)
    s.sees(sender.wait() == 1, "el emisor termina con un error", "the sender ends with an error")
    counts = [int(n) for n in s.said(sender, COUNT)]
    s.sees(len(counts) == 1 and 0 < counts[0] < BIG,
           "el send que estaba bloqueado devuelve menos de 50 000 000, sin error",
           "the send that was blocked returns less than 50,000,000, without an error")
    s.note(f"devolvió {counts[0]}", f"it returned {counts[0]}")
    s.sees(_first_error(sender) in ("ECONNRESET", "EPIPE"),
           "el siguiente send falla: ECONNRESET o EPIPE",
           "the next send fails: ECONNRESET or EPIPE")
    s.note(f"falló con {_first_error(sender)}", f"it failed with {_first_error(sender)}")


def _two_writes(s, *options):
    """To a receiver that has died with nothing unread; how the sender ended."""
    server = s.listening("receptor", 4096)
    sender = s.start("envio_multiple_2send", "127.0.0.1", s.port, "uno", "dos", "--paso",
                     *options).at("connect").step().at("write")
    server.step().at("recv").step()
    server.end(signal.SIGKILL)
    # Its end takes its time to be seen.
    until(lambda: s.connects().wait() == 1, lambda: "the server's end is never seen")
    sender.step().at("write")
    time.sleep(WAIT_S)
    sender.go_on()
    return sender, sender.wait()


@experiment("receptor envio_multiple_2send conecta")
def sigpipe(s):
    for _ in range(TRIES):
        sender, status = _two_writes(s)
        if status:
            break
    s.sees(status == 1 and "Broken pipe" in sender.errors,
           "el primer write tras la caída va bien; el segundo falla con EPIPE, si se ignora "
           "SIGPIPE",
           "the first write after the end goes well; the second fails with EPIPE, if "
           "SIGPIPE is ignored")
    for _ in range(TRIES):
        sender, status = _two_writes(s, "--sigpipe")
        if status:
            break
    s.sees(status == -signal.SIGPIPE and "Broken pipe" not in sender.errors,
           "si no se ignora (--sigpipe), la señal mata al emisor",
           "if it is not ignored (--sigpipe), the signal kills the sender")


@experiment("receptor emisor_nb")
def send_nonblocking(s):
    server = s.listening("receptor", 65536)
    sender = s.start("emisor_nb", "127.0.0.1", s.port, BIG, "--paso")
    sender.at("connect").step().at("send").step().at("poll")
    part, = s.said(sender, r"(?:primer send|first send): (\d+)")
    s.sees(0 < int(part) < BIG, "el primer send copia lo que cabe, y dice cuánto",
           "the first send copies what fits, and says how much")
    s.note(f"cupieron {part} bytes", f"{part} bytes did fit")
    s.sees("send: Resource temporarily unavailable" in sender.errors,
           "cuando no cabe nada: EAGAIN («Resource temporarily unavailable»)",
           "when nothing fits: EAGAIN (\"Resource temporarily unavailable\")")
    server.go_on()
    sender.go_on()
    s.sees(sender.wait() == 0, "poll avisa cuando hay sitio, y así se envía todo",
           "poll tells when there is room, and so all is sent")
    tries, waits = s.said(sender, r"(\d+) (?:envíos|sends), (\d+)")[0]
    s.note(f"{tries} envíos, {waits} esperas en poll", f"{tries} sends, {waits} waits in poll")
    s.said(server, rf"total {BIG}\b")


@experiment("receptor emisor_aio")
def send_asynchronous(s):
    server = s.listening("receptor", 65536)
    sender = s.start("emisor_aio", "127.0.0.1", s.port, BIG, "--paso")
    sender.at("connect").step().at("aio_suspend")
    s.sees(sender.process.poll() is None and b"aio_write" in sender.output,
           "aio_write vuelve enseguida, y el programa sigue, sin que nadie haya leído",
           "aio_write returns at once, and the program goes on, although nobody has read")
    server.go_on()
    sender.go_on()
    s.sees(sender.wait() == 0 and s.said(sender, rf"{BIG} (?:de|of) {BIG}"),
           "una señal avisa del fin: 50 000 000 bytes escritos",
           "a signal tells of the end: 50,000,000 bytes written")
    s.said(server, rf"total {BIG}\b")
