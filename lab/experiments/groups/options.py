"""Options: Nagle and delayed ACK, buffers, addresses that are taken, both families,
broadcast. SPDX-License-Identifier: BSD-2-Clause"""

import signal

import segments
from apart import Impossible
from experiment import experiment
from words import number
from world import kernel_has_ipv6, until

TRIES = 10  # of what the machine's pace may spoil
WRITES = 8
BIG, LITTLE = 50_000_000, 200_000
SIZES = (4096, 65536, 1 << 20)


def _talk(s, nodelay, quickack):
    """So many sends of one byte. The second comes when the first has been seen on the
    wire; with nodelay each of the others after the last, else right after it. What
    passed."""
    seen = len(s.flows())
    server = s.start("receptor_ajustes", s.port, 1000, f"TCP_QUICKACK={quickack}",
                     "SO_REUSEADDR=1", "--paso")
    server.at("bind").step().at("listen").step().at("accept")
    client = s.start("emisor_ajustes", "127.0.0.1", s.port, 1, WRITES,
                     f"TCP_NODELAY={nodelay}", "--paso").at("connect").step().at("send")
    # Its options are set when the first byte comes; and it does not read yet, as
    # reading may be a reason to acknowledge too.
    server.step().at("recv")
    client.step().at("send")
    s.passed(seen, 1)
    for i in range(2, WRITES + 1):
        client.step()
        if nodelay:
            s.passed(seen, i)
    for _ in range(2, WRITES):
        client.at("send")
    client.at("close")
    # The end would push what Nagle holds back.
    s.passed(seen, 1, acknowledged=WRITES)
    client.go_on()
    server.go_on()
    assert client.wait() == 0, client.errors
    s.said(server, rf"total {WRITES}\b")
    flow = s.flows(seen + 1)[seen]
    server.end()
    return flow


def _unacknowledged(s, flow):
    """How many segments with data left before what was sent earlier had been
    acknowledged: the first of a conversation never does."""
    sent, reached, acked = 0, 0, 0
    for one in flow:
        if one.target != s.port:
            acked = max(acked, one.ack)
        elif one.data and one.seq + one.data > reached:
            sent += reached > acked
            reached = one.seq + one.data
    return sent


@experiment("emisor_ajustes receptor_ajustes", watched=True)
def nagle(s):
    for _ in range(TRIES):
        flow = _talk(s, nodelay=0, quickack=0)
        lengths = [one.data for one in segments.with_data(flow, s.port)]
        if len(lengths) < WRITES:
            break
    s.sees(_unacknowledged(s, flow) == 0,
           "con Nagle ningún segmento sale mientras el anterior está sin confirmar",
           "with Nagle no segment leaves while the last one is not acknowledged")
    s.sees(len(lengths) < WRITES,
           f"los {WRITES} envíos de un byte viajan en menos segmentos",
           f"the {WRITES} sends of one byte travel in fewer segments")
    s.note(f"de {lengths} bytes", f"of {lengths} bytes")
    flow = _talk(s, nodelay=1, quickack=0)
    lengths = [one.data for one in segments.with_data(flow, s.port)]
    s.sees(lengths == [1] * WRITES, f"con TCP_NODELAY, {WRITES} segmentos de un byte",
           f"with TCP_NODELAY, {WRITES} segments of one byte")
    early = _unacknowledged(s, flow)
    s.note(f"{early} salieron sin esperar confirmación",
           f"{early} left without waiting for an acknowledgment")


def _acks(s, flow):
    """Bare acknowledgments of data, until the end begins."""
    count = 0
    for one in flow:
        if one.flags & segments.FIN:
            break
        count += one.source == s.port and not one.data and one.ack > 1
    return count


def _pause(s, flow):
    """Milliseconds from the first data to their acknowledgment."""
    first = next(one for one in flow if one.target == s.port and one.data)
    return 1000 * (next(one.time for one in flow if one.source == s.port and
                        one.time >= first.time and one.ack > first.seq) - first.time)


@experiment("emisor_ajustes receptor_ajustes", watched=True)
def delayed_ack(s):
    for _ in range(TRIES):
        flow = _talk(s, nodelay=1, quickack=0)
        count, acks = len(segments.with_data(flow, s.port)), _acks(s, flow)
        if acks < count:
            break
    s.sees(acks < count, "con TCP_QUICKACK a 0 hay menos confirmaciones que segmentos",
           "with TCP_QUICKACK at 0 there are fewer acknowledgments than segments")
    s.note(f"{acks} de {count}; la primera, {_pause(s, flow):.1f} ms después",
           f"{acks} of {count}; the first one {_pause(s, flow):.1f} ms later")
    flow = _talk(s, nodelay=1, quickack=1)
    count, acks = len(segments.with_data(flow, s.port)), _acks(s, flow)
    s.sees(acks >= count == WRITES, "con TCP_QUICKACK a 1 se confirma cada segmento",
           "with TCP_QUICKACK at 1 each segment is acknowledged")
    s.note(f"{acks} de {count}; la primera, {_pause(s, flow):.1f} ms después",
           f"{acks} of {count}; the first one {_pause(s, flow):.1f} ms later")


def _throughput(s, buffer):
    """BIG bytes over sockets with such buffers (None: the system's own); s it took."""
    words = [] if buffer is None else [f"SO_RCVBUF={buffer}"]
    server = s.start("receptor_ajustes", s.port, 65536, "SO_REUSEADDR=1", *words, "--paso")
    server.at("bind").step().at("listen").step()
    server.go_on()
    words = [] if buffer is None else [f"SO_SNDBUF={buffer}"]
    size = s.much(BIG, LITTLE)
    client = s.start("emisor_ajustes", "127.0.0.1", s.port, size, 1, *words)
    assert client.wait() == 0, client.errors
    total, took = s.said(server, r"total (\d+) (?:en|in) ([\d.]+)")[0]
    assert int(total) == size, total
    server.end()
    return server, client, float(took)


@experiment("emisor_ajustes receptor_ajustes")
def buffers(s):
    for buffer in (*SIZES, None):
        server, client, took = _throughput(s, buffer)
        if buffer == 65536:
            has = [s.said(p, r"SO_(?:SND|RCV)BUF: \D+\d+, \D+(\d+)")
                   for p in (server, client)]
            s.sees(has == [["131072"], ["131072"]],
                   "quien pide 65 536 tiene 131 072: Linux dobla SO_SNDBUF y SO_RCVBUF",
                   "who asks for 65,536 has 131,072: Linux doubles SO_SNDBUF and SO_RCVBUF")
        rate = s.much(BIG, LITTLE) / max(took, 1e-6) / 1e6
        es, en = ("los del sistema", "the system's") if buffer is None else (buffer,) * 2
        s.note(f"buffers {es}: {rate:,.0f} MB/s", f"buffers {en}: {rate:,.0f} MB/s")
    es, en = number(s.much(BIG, LITTLE))
    s.sees(True, f"con todos llegan los {es} bytes", f"with all of them the {en} bytes arrive")


@experiment("acepta")
def port_in_use(s):
    s.listening("acepta", 2)
    other = s.start("acepta", s.port, 2)
    s.sees(other.wait() == 1 and "bind: Address already in use" in other.errors,
           "el segundo servidor no puede hacer bind: EADDRINUSE, aunque pone SO_REUSEADDR",
           "the second server cannot bind: EADDRINUSE, although it sets SO_REUSEADDR")


@experiment("receptor_ajustes emisor_ajustes conecta")
def reuse_address(s):
    server = s.start("receptor_ajustes", s.port, 1000, "SO_REUSEADDR=1", "--paso")
    server.at("bind").step().at("listen").step().at("accept")
    # Nothing is sent: with unread data the server's end would be a reset.
    client = s.start("emisor_ajustes", "127.0.0.1", s.port, 1, 0, "--paso")
    client.at("connect").step().at("close")
    server.step().at("recv")
    server.end(signal.SIGTERM)
    # Only who closes first keeps the name: the client waits until that is seen.
    until(lambda: s.connects().wait() == 1, lambda: "the server's end is never seen")
    client.step()
    assert client.wait() == 0, client.errors
    again = s.start("receptor_ajustes", s.port, 1000)
    s.sees(again.wait(10) == 1 and "bind: Address already in use" in again.errors,
           "el servidor, arrancado de nuevo sin SO_REUSEADDR, no puede hacer bind",
           "the server, started again without SO_REUSEADDR, cannot bind")

    def bound():
        other = s.start("receptor_ajustes", s.port, 1000, "SO_REUSEADDR=1", "--paso")
        other.at("bind").step()
        until(lambda: other.process.poll() is not None or "listen" in other.errors,
              lambda: other.errors)
        return other.process.poll() is None
    # The end of the first server takes its time to be seen.
    until(bound, lambda: "never bound")
    s.sees(True, "con SO_REUSEADDR sí", "with SO_REUSEADDR it can")


@experiment("srv_eco_dual_uno srv_eco_dual_dos cln_eco_tcp")
def dual_stack(s):
    if not kernel_has_ipv6():
        raise Impossible(("el núcleo no tiene aquí IPv6", "the kernel here has no IPv6"))
    for server, es, en, mapped in (
            ("srv_eco_dual_uno", "con un solo socket IPv6", "with one IPv6 socket",
             "::ffff:127.0.0.1"),
            ("srv_eco_dual_dos", "con dos sockets", "with two sockets", "127.0.0.1")):
        program = s.start(server, s.port)
        for address in ("127.0.0.1", "::1"):
            client = s.client("cln_eco_tcp", address, s.port, "hola")
            assert client.process.returncode == 0, client.errors
            seen = mapped if address == "127.0.0.1" else address
            found = s.said(program, r"Host:(\S+)", 2 if address == "::1" else 1)
            s.sees(found[-1] == seen, f"{es}, el cliente de {address} se ve como {seen}",
                   f"{en}, the client from {address} is seen as {seen}")
        program.end()


@experiment("emisor_difusion receptor_difusion")
def broadcast(s):
    receiver = s.start("receptor_difusion", s.port, "--paso").at("recvfrom")
    # Of lo's network: nobody else hears it.
    refused = s.start("emisor_difusion", "127.255.255.255", s.port, "hola", "sin")
    s.sees(refused.wait() == 1 and "sendto: Permission denied" in refused.errors,
           "sin SO_BROADCAST, sendto falla: EACCES («Permission denied»)",
           "without SO_BROADCAST sendto fails: EACCES (\"Permission denied\")")
    allowed = s.start("emisor_difusion", "127.255.255.255", s.port, "hola", "con")
    s.sees(allowed.wait() == 0, "con SO_BROADCAST sale", "with SO_BROADCAST it leaves")
    receiver.go_on()
    s.said(receiver, "127.0.0.1:.*: hola")
    s.sees(True, "y el receptor lo oye, sin ninguna opción especial",
           "and the receiver hears it, without any special option")
