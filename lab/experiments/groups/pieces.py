"""Several data in one message: by how many calls, in how many segments, and what
arrives. SPDX-License-Identifier: BSD-2-Clause"""

from experiment import experiment
import segments

TRIES = 10


def _sent(s, sender, data=("uno", "dos"), apart=False):
    """What one run puts on the wire: the data lengths of its segments; and how much
    its receiver got in all. apart: each write() after the first waits until what was
    written before has been seen on the wire."""
    seen = len(s.flows())
    sink = s.listening("receptor_completo_readn", 1000).go_on()
    program = s.start(sender, "127.0.0.1", s.port, *data, *(["--paso"] if apart else []))
    if apart:
        program.at("connect").step().at("write").step().at("write")
        s.passed(seen, 1)
        program.go_on()
    assert program.wait() == 0, program.errors
    total, = s.said(sink, r"total (\d+)")
    sink.end()
    flow = s.flows(seen + 1)[seen]
    return [one.data for one in segments.with_data(flow, s.port)], int(total)


@experiment("envio_multiple_2send receptor_completo_readn", watched=True)
def two_sends(s):
    lengths, total = _sent(s, "envio_multiple_2send", apart=True)
    s.sees(lengths == [3, 3], "dos write de 3 bytes: dos segmentos, de 3 y 3",
           "two writes of 3 bytes: two segments, of 3 and 3")
    s.sees(total == 6, "el receptor recibe 6 bytes, sin frontera entre ellos",
           "the receiver gets 6 bytes, with no border between them")
    lengths, total = _sent(s, "envio_multiple_2send")
    s.note(f"un write enseguida después del otro: {len(lengths)}",
           f"one write right after the other: {len(lengths)}")


def _together(s, sender):
    """A segment may be cut where the program was held up: seen more than once."""
    for _ in range(TRIES):
        lengths, total = _sent(s, sender)
        if len(lengths) == 1:
            break
    return lengths, total


@experiment("envio_multiple_2send_more receptor_completo_readn", watched=True)
def msg_more(s):
    lengths, total = _together(s, "envio_multiple_2send_more")
    s.sees(lengths == [6] and total == 6,
           "dos send con MSG_MORE: un solo segmento, de 6 bytes",
           "two sends with MSG_MORE: one segment, of 6 bytes")


@experiment("envio_multiple_writev envio_multiple_sendmsg receptor_completo_readn",
            watched=True)
def writev(s):
    for name in ("writev", "sendmsg"):
        lengths, total = _sent(s, f"envio_multiple_{name}")
        s.sees(lengths == [6] and total == 6,
               f"un {name} con dos buffers: un segmento de 6 bytes",
               f"one {name} of two buffers: one segment of 6 bytes")


@experiment("envio_multiple_copia envio_multiple_error envio_multiple_writev "
            "receptor_completo_readn")
def copy_or_pointers(s):
    sink = s.listening("receptor_completo_readn", 1000).go_on()
    got = 0
    for sender, want, es, en in (
            ("copia", 32, "la copia en una estructura envía siempre 32 bytes, su tamaño máximo",
             "the copy into a struct always sends 32 bytes, its largest size"),
            ("writev", 6, "writev envía los 6 bytes de los datos, sin copiarlos antes",
             "writev sends the 6 bytes of the data, without a copy before"),
            ("error", 16, "la estructura con punteros envía 16 bytes: las direcciones, que en "
             "otro proceso no son nada",
             "the struct with pointers sends 16 bytes: the addresses, which are nothing in "
             "another process")):
        program = s.start(f"envio_multiple_{sender}", "127.0.0.1", s.port, "uno", "dos")
        assert program.wait() == 0, program.errors
        got += 1
        totals = s.said(sink, r"total (\d+)", got)
        s.sees(int(totals[-1]) == want, es, en)
