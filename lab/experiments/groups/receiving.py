"""What read() gives: less than was asked, unless one insists.
SPDX-License-Identifier: BSD-2-Clause"""

from experiment import experiment
from words import number

BIG = 50_000_000
BLOCK = 1_000_000
READ = r"(?:leído|read) (\d+)"


@experiment("receptor emisor")
def read_less(s):
    size = s.much(BIG, 2_000_000)
    server = s.listening("receptor", size).go_on()
    es, en = number(size)
    s.sees(s.sends(size).wait() == 0, f"un solo send envía los {es} bytes",
           f"one send sends the {en} bytes")
    s.said(server, rf"total {size}\b")
    sizes = [int(n) for n in s.said(server, READ)]
    s.sees(sum(sizes) == size and len(sizes) > 1,
           f"el receptor, que pide {es} cada vez, necesita varias lecturas",
           f"the receiver, which asks for {en} each time, needs several reads")
    s.note(f"{len(sizes)} lecturas, de {min(sizes)} a {max(sizes)} bytes",
           f"{len(sizes)} reads, of {min(sizes)} to {max(sizes)} bytes")


@experiment("receptor_completo_readn receptor_completo_fread receptor_completo_waitall "
            "emisor")
def receive_n(s):
    block = s.much(BLOCK, 2000)
    total = 3 * block + 7
    es, en = number(block)
    for way in ("readn", "fread", "waitall"):
        server = s.listening(f"receptor_completo_{way}", block).go_on()
        assert s.sends(total).wait() == 0
        s.said(server, rf"total {total}\b")
        sizes = [int(n) for n in s.said(server, READ)]
        s.sees(sizes == [block] * 3 + [7],
               f"{way}: tres bloques de {es} exactos, y el resto (7) al final",
               f"{way}: three blocks of exactly {en}, and the rest (7) at the end")
        server.end()
