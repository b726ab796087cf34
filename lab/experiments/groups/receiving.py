"""What read() gives: less than was asked, unless one insists.
SPDX-License-Identifier: BSD-2-Clause"""

from experiment import experiment

BIG = 50_000_000
BLOCK = 1_000_000
TOTAL = 3 * BLOCK + 7
READ = r"(?:leído|read) (\d+)"


@experiment("receptor emisor", pictured=False)
def read_less(s):
    server = s.listening("receptor", BIG).go_on()
    s.sees(s.sends(BIG).wait() == 0, "un solo send envía los 50 000 000 bytes",
           "one send sends the 50,000,000 bytes")
    s.said(server, rf"total {BIG}\b")
    sizes = [int(n) for n in s.said(server, READ)]
    s.sees(sum(sizes) == BIG and len(sizes) > 1,
           "el receptor, que pide 50 000 000 cada vez, necesita varias lecturas",
           "the receiver, which asks for 50,000,000 each time, needs several reads")
    s.note(f"{len(sizes)} lecturas, de {min(sizes)} a {max(sizes)} bytes",
           f"{len(sizes)} reads, of {min(sizes)} to {max(sizes)} bytes")


@experiment("receptor_completo_readn receptor_completo_fread receptor_completo_waitall "
            "emisor", pictured=False)
def receive_n(s):
    for way in ("readn", "fread", "waitall"):
        server = s.listening(f"receptor_completo_{way}", BLOCK).go_on()
        assert s.sends(TOTAL).wait() == 0
        s.said(server, rf"total {TOTAL}\b")
        sizes = [int(n) for n in s.said(server, READ)]
        s.sees(sizes == [BLOCK] * 3 + [7],
               f"{way}: tres bloques de 1 000 000 exactos, y el resto (7) al final",
               f"{way}: three blocks of exactly 1,000,000, and the rest (7) at the end")
        server.end()
