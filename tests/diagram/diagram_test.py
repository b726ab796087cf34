#!/usr/bin/env python3
"""enchufe diagram on captures made by hand, whose every time is known. On real ones:
tests/programs/trace_test.py, and tests/parity/lab/experiments_test.py.
usage: diagram_test.py BUILD [--write]. SPDX-License-Identifier: BSD-2-Clause"""

import difflib
import os
import re
import struct
import subprocess
import sys
import tempfile
from xml.etree import ElementTree

from story import ACK, SYN, Story
from stories import STORIES, handshake
from tap import Tap

HERE = os.path.dirname(os.path.abspath(__file__))
ENCHUFE = os.path.join(os.path.abspath(sys.argv[1]), "enchufe")
TMP = tempfile.TemporaryDirectory()


def path(name):
    return os.path.join(TMP.name, name)


def run(*args, status=0, locale="C"):
    r = subprocess.run([ENCHUFE, "diagram", *args], capture_output=True, encoding="utf-8",
                       timeout=60, check=False, env={**os.environ, "LC_ALL": locale})
    assert r.returncode == status, f"status {r.returncode}: {r.stderr}"
    return r


def save(name, data):
    with open(path(name), "wb") as f:
        f.write(data)
    return path(name)


def draw(data, *args, status=0):
    return run(save("capture", data), *args, status=status).stdout


def golden(name):
    story = STORIES[name]()
    args = []
    if story.events:
        story.write_events(path("events"))
        args = ["-e", path("events")]
    text = draw(story.pcapng(), *args)
    file = os.path.join(HERE, "golden", name + ".txt")
    if "--write" in sys.argv:
        with open(file, "w", encoding="utf-8") as f:
            f.write(text)
    with open(file, encoding="utf-8") as f:
        wanted = f.read()
    assert text == wanted, "\n".join(difflib.unified_diff(
        wanted.splitlines(), text.splitlines(), "wanted", "drawn", lineterm=""))


def formats_say_the_same():
    """Byte orders and resolutions of one format, link types of the other."""
    for name, make in STORIES.items():
        story = make()
        first = draw(story.pcapng())
        assert draw(story.pcapng(order=">")) == first, name
        assert draw(story.pcapng(resolution=6)) == first, name
        one = draw(story.pcap())
        for kind in ({"order": ">"}, {"nano": True}, {"nano": True, "order": ">"},
                     {"link": "sll"}, {"link": "sll2"}):
            assert draw(story.pcap(**kind)) == one, f"{name} {kind}"
        if name in ("loss", "bulk", "refused", "six"):
            assert draw(story.pcap(link="raw")) == one, name
            assert draw(story.pcap(link="null")) == one, name


def short_snaplen():
    """The headers are enough."""
    story = STORIES["loss"]()
    whole = draw(story.pcap())
    assert draw(story.pcap(keep=96)) == whole
    assert "len=1448" in whole


def both_ends():
    """Captures at both ends show when a packet came, and which did not."""
    story = STORIES["loss"]()
    text = draw(story.at_both_ends())
    lines = [l for l in text.splitlines() if "not seen at the other end" in l]
    assert len(lines) == 1 and "seq=1449" in lines[0] and "X" in lines[0], text
    assert text.count("+20.000") == len(story.packets) - 1, text


def one_end():
    """At one end nobody knows how long anything took."""
    text = draw(STORIES["loss"]().pcap())
    assert "+20" not in text and "retransmission" in text, text


def every_loss_is_crossed_out():
    for make in STORIES.values():
        story = make()
        text = draw(story.pcapng(), "--fold", "0")
        lost = sum(p.lost() for p in story.packets)
        crossed = sum("X-" in l or "-X" in l for l in text.splitlines())
        assert crossed == lost, f"{crossed} of {lost}\n{text}"


def who_only_listens():
    """Its name is that of the interface with its address."""
    s = Story()
    s.udp(0, "client", "router", 5000, 53, 30)
    assert "router" not in draw(s.pcapng())
    for order in "<>":
        text = draw(s.pcapng(order=order, silent=("router",)))
        assert "router (10.0.0.254)" in text, text


def fold_option():
    data = STORIES["bulk"]().pcapng()
    text = draw(data)
    assert "segments of 1460" in text and len(text.splitlines()) < 60, text
    text = draw(data, "--fold", "0")
    assert "segments of" not in text and text.count("len=1460") == 342


def slow_reader_is_folded():
    """A window that shuts again and again is drawn thrice; then it is counted."""
    s, seq = Story(delay_us=100), 1
    t = handshake(s)
    for i in range(40):
        at = t + i * 1000
        s.tcp(at, "client", "server", ACK, seq, 1, 1000)
        seq += 1000
        s.tcp(at + 200, "server", "client", ACK, 1, seq, win=0)
        s.tcp(at + 400, "server", "client", ACK, 1, seq, win=1000)
    text = draw(s.pcapng())
    assert text.count("[zero window]") in range(3, 7), text
    told = [int(n) for n in re.findall(r"(\d+) zero windows", text)]
    assert sum(told) + text.count("[zero window]") == 40 and told, text
    assert draw(s.pcapng(), "--fold", "0").count("[zero window]") == 40


def one_conversation():
    s = Story()
    handshake(s)
    s.udp(90000, "client", "server", 5000, 53, 30)
    both = draw(s.pcapng())
    assert "UDP" in both and "SYN" in both
    assert "UDP" not in draw(s.pcapng(), "--conversation", "1")
    assert "SYN" not in draw(s.pcapng(), "--conversation", "2")
    r = run(save("capture", s.pcapng()), "--conversation", "3", status=1)
    assert "no conversation 3" in r.stderr, r.stderr


def bad_files():
    """Each is refused with a reason; a cut one is drawn as far as it goes."""
    good = STORIES["loss"]().pcapng()
    old = STORIES["loss"]().pcap()
    size = struct.unpack("<I", good[4:8])[0]  # of the first block
    for name, data, why in (
            ("empty", b"", "empty"), ("text", b"hello, world, this is text", "not a"),
            ("header", old[:20], "within its header"),
            ("none", old[:24], "no packets"),
            ("length", old[:32] + b"\xff" * 8 + old[40:], "impossible length"),
            ("block", good[:4] + struct.pack("<I", 13) + good[8:], "impossible"),
            ("lengths", good[:size - 4] + b"\x10\0\0\0" + good[size:], "differ"),
            ("link", old[:20] + struct.pack("<I", 147) + old[24:], "link type 147")):
        r = run(save(name, data), status=1)
        assert r.stdout == "" and why in r.stderr, f"{name}: {r.stderr}"
    for data in (good[:-5], old[:-5]):
        r = run(save("cut", data), status=1)
        assert "ends within" in r.stderr and "SYN" in r.stdout, r.stderr
    r = run(path("missing"), status=1)
    assert "No such file" in r.stderr
    run(status=2)
    run(path("missing"), "--fold", "x", status=2)
    run(path("missing"), "-o", path("x.png"), status=2)


def bad_events():
    capture = save("capture", STORIES["exchange"]().pcapng())
    for line, why in (("{", "string"), ('{"time": 1}', '"call"'), ("[]", "object"),
                      ('{"time": "x", "call": "send"}', '"time"'),
                      ('{"time": 1, "call": "send", "local": "nowhere"}', '"local"'),
                      ('{"time": 1, "call": "a"} b', "behind"),
                      ('{"time": 99999999999, "call": "a"}', '"time"')):
        with open(path("events"), "w", encoding="utf-8") as f:
            f.write("\n" + line + "\n")
        r = run(capture, "-e", path("events"), status=1)
        assert "line 2" in r.stderr and why in r.stderr, f"{line}: {r.stderr}"


SVG = "{http://www.w3.org/2000/svg}"


def svg(story, *args):
    """The drawing's root element: it is well-formed, or this fails."""
    run(save("capture", story.pcapng()), "-o", path("x.svg"), *args)
    return ElementTree.parse(path("x.svg")).getroot()


def arrows(root):
    return [g for g in root.iter(SVG + "g") if g.get("tabindex")]


def svg_shows_each_packet():
    """An arrow for each packet, a cross for each that was lost, down the page."""
    for name, make in STORIES.items():
        story = make()
        root = svg(story, "--fold", "0")
        drawn = arrows(root)
        assert len(drawn) == len(story.packets), name
        crossed = [g for g in drawn if "lost" in g.get("class").split()]
        assert len(crossed) == sum(p.lost() for p in story.packets), name
        assert all(len([l for l in g.iter(SVG + "line") if l.get("class") == "cross"])
                   == 2 for g in crossed), name
        last = 0
        for g in drawn:
            line = g.find(SVG + "line")
            assert float(line.get("y1")) >= last, f"{name}: not down the page"
            last = float(line.get("y1"))
            assert float(line.get("y2")) > last, f"{name}: not slanted"


TIMES = 76  # pixels on the left, for them
LETTER, ABOVE, BELOW = 7, 9, 3  # pixels of a text: a letter's width, from its baseline


def box(text):
    """Left, top, right, bottom of a text's letters."""
    x, y = float(text.get("x")), float(text.get("y"))
    width = LETTER * len("".join(text.itertext()))
    anchor = {"call": text.get("text-anchor"), "statename": text.get("text-anchor"),
              "note": text.get("text-anchor")}.get(text.get("class"), "middle")
    left = x - width * {"end": 1, "middle": 0.5}.get(anchor, 0)
    return left, y - ABOVE, left + width, y + BELOW


def crosses(line, area):
    """Does the line touch the area? (Liang and Barsky)"""
    x1, y1, x2, y2 = (float(line.get(k)) for k in ("x1", "y1", "x2", "y2"))
    first, last = 0.0, 1.0
    for delta, room in ((x1 - x2, x1 - area[0]), (x2 - x1, area[2] - x1),
                        (y1 - y2, y1 - area[1]), (y2 - y1, area[3] - y1)):
        if delta == 0 and room < 0:
            return False
        if delta < 0:
            first = max(first, room / delta)
        elif delta > 0:
            last = min(last, room / delta)
    return first <= last


def crossed(root):
    """The texts beside the lanes, and those of pauses, which an arrow crosses."""
    legend = {id(t) for g in root.iter(SVG + "g") if g.get("class") == "legend"
              for t in g.iter(SVG + "text")}
    beside = [t for t in root.iter(SVG + "text") if id(t) not in legend and
              t.get("class") in ("call", "statename", "note", "pause", "host", "addr")]
    width = float(root.get("width"))
    outside = [t for t in beside if box(t)[0] < TIMES or box(t)[2] > width]
    assert not outside, "".join(outside[0].itertext())
    lines = [line for g in arrows(root) for line in g.iter(SVG + "line")
             if line.get("class") != "cross"]
    return ["".join(t.itertext()) for t in beside
            if any(crosses(line, box(t)) for line in lines)]


def no_text_crosses_an_arrow():
    for name, make in STORIES.items():
        story = make()
        story.write_events(path("events"))
        events = ["-e", path("events")] if story.events else []
        assert not crossed(svg(story, *events)), (name, crossed(svg(story, *events)))
        # What a capture at one end knows: level arrows.
        run(save("capture", story.pcap()), "-o", path("x.svg"), *events)
        found = crossed(ElementTree.parse(path("x.svg")).getroot())
        assert not found, (name, found)


def svg_of_one_end_is_level():
    data = save("capture", STORIES["loss"]().pcap())
    run(data, "-o", path("x.svg"))
    for g in arrows(ElementTree.parse(path("x.svg")).getroot()):
        line = g.find(SVG + "line")
        assert line.get("y1") == line.get("y2")


def svg_says_what_is_seen():
    story = STORIES["exchange"]()
    story.write_events(path("events"))
    text = " ".join(svg(story, "-e", path("events"), "--title", "A < B & C").itertext())
    for words in ("A < B & C", "client", "server", "SYN-SENT", "ESTABLISHED", "TIME-WAIT",
                  "connect(3, 10.0.0.2:80)", "… accept", "to send 100 of 87,040"):
        assert words in text, words
    text = " ".join(svg(STORIES["loss"]()).itertext())
    for words in ("retransmission", "duplicate ACK 3", "lost (impairment)"):
        assert words in text, words
    text = " ".join(svg(STORIES["bulk"]()).itertext())
    for words in ("339 segments of 1460, 494,940 bytes", "zero window", "window probe",
                  "199.000 ms later"):
        assert words in text, words


def svg_of_strange_names():
    """Whatever a file holds, the drawing is well-formed."""
    story = STORIES["loss"]()
    for name in (b"<&>\"'", b"\xff\xfe\x01", "ñandú".encode(), b"\xed\xa0\x80x"):
        data = story.pcapng().replace(b"wire/client\0", (b"wire/" + name)[:11].ljust(
            11, b"_") + b"\0")
        run(save("strange", data), "-o", path("x.svg"))
        ElementTree.parse(path("x.svg"))


def html_is_one_file():
    """With a picture of each conversation, and nothing to fetch."""
    story = STORIES["refused"]()
    run(save("capture", story.pcapng()), "-o", path("x.html"))
    with open(path("x.html"), encoding="utf-8") as f:
        page = f.read()
    assert page.count("<svg ") == 4, page.count("<svg ")
    for tag in ("src=", "href=", "@import", "url("):
        assert tag not in page, tag
    assert "ICMP port unreachable" in page


def picture_of_the_readme():
    """docs/pictures/ladder.svg, which --write writes."""
    story = STORIES["ladder"]()
    story.write_events(path("events"))
    run(save("capture", story.pcapng()), "-e", path("events"), "-o", path("x.svg"),
        "--title", "A request over a wire that loses a segment")
    with open(path("x.svg"), encoding="utf-8") as f:
        drawn = f.read()
    file = os.path.join(HERE, "../../docs/pictures/ladder.svg")
    if "--write" in sys.argv:
        with open(file, "w", encoding="utf-8") as f:
            f.write(drawn)
    with open(file, encoding="utf-8") as f:
        assert f.read() == drawn, "diagram_test.py BUILD --write draws it again"


ENGLISH = ("retransmission", "duplicate ACK", "out of order", "lost", "segments of",
           "zero window", "window", "later", "sent", "received", "arrives", "conversation",
           "sequence", "acknowledge", "time", "packet", "to send", "to read", "Theme",
           "same", "smaller", "larger", "Fit", "unreachable", "Ladder", "Hosts", "maximum")


def in_spanish():
    """By wish or by the locale; in each form, and then no word of ours is English."""
    for name, found in (("loss", ("retransmisión", "ACK duplicado 3",
                                  "perdido (por el enlace)")),
                        ("bulk", ("339 segmentos de 1460, 494 940 bytes", "ventana cero",
                                  "sondeo de ventana")),
                        ("refused", ("ICMP puerto inalcanzable",)),
                        ("exchange", ("por enviar",))):
        story = STORIES[name]()
        story.write_events(path("events"))
        args = [save("capture", story.pcapng())]
        args += ["-e", path("events")] if story.events else []
        text = run(*args, "--lang", "es").stdout
        assert text == run(*args, locale="es_ES.UTF-8").stdout == run(
            *args, locale="es").stdout
        assert run(*args, "--lang", "en", locale="es").stdout == run(*args).stdout != text
        run(*args, "-o", path("x.svg"), "--lang", "es")
        run(*args, "-o", path("x.html"), "--lang", "es")
        root = ElementTree.parse(path("x.svg")).getroot()
        root.remove(root.find(SVG + "style"))
        drawn = " ".join(root.itertext())
        with open(path("x.html"), encoding="utf-8") as f:
            page = re.sub(r"(?s)<(style|script)>.*?</\1>", "", f.read())
        assert 'lang="es"' in page and "Tema: automático" in page
        words = re.sub(r"<[^>]*>", " ", page) + " ".join(
            re.findall(r'aria-label="([^"]*)"', page))
        for shown in (text, drawn, words):
            assert all(word in shown for word in found), (found, shown)
            left = [w for w in ENGLISH if re.search(rf"\b{w}", shown)]
            assert not left, (name, left)
    lines = run(save("capture", STORIES["loss"]().pcapng()), "--lang", "es").stdout
    lanes = [l for l in lines.splitlines() if "retransmisi" in l]
    other = [l for l in lines.splitlines() if "SYN-SENT" in l]
    assert lanes[0].index("|") == other[0].index("|"), lanes
    run(path("missing"), "--lang", "fr", status=2)


def many_hosts():
    """A scan is no conversation: a reason, and soon."""
    s = Story()
    for i in range(5000):
        s.tcp(i, "client", "server", SYN, 0, ports=(20000 + i, 80))
    r = run(save("capture", s.pcapng()), status=1)
    assert "too many" in r.stderr, r.stderr


def main():
    tap = Tap()
    for name in STORIES:
        tap.run("golden " + name, golden, name)
    for test in (formats_say_the_same, short_snaplen, both_ends, one_end,
                 every_loss_is_crossed_out, who_only_listens, fold_option, slow_reader_is_folded,
                 one_conversation, bad_files,
                 bad_events, svg_shows_each_packet, svg_of_one_end_is_level,
                 svg_says_what_is_seen, svg_of_strange_names, html_is_one_file,
                 picture_of_the_readme, in_spanish, many_hosts):
        tap.run(test.__name__, test)
    tap.done()


main()
