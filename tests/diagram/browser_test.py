#!/usr/bin/env python3
"""The HTML page of enchufe diagram in a headless browser.
usage: browser_test.py BUILD. SPDX-License-Identifier: BSD-2-Clause"""

import base64
import os
import struct
import subprocess
import sys
import tempfile

from browser import Browser
from stories import STORIES
from tap import Skip, Tap

ENCHUFE = os.path.join(os.path.abspath(sys.argv[1]), "enchufe")
TMP = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)


def page(name, lang="en"):
    story = STORIES[name]()
    capture, html = (os.path.join(TMP.name, name + end) for end in (".pcapng", ".html"))
    with open(capture, "wb") as f:
        f.write(story.pcapng())
    subprocess.run([ENCHUFE, "diagram", "-o", html, "--fold", "0", "--lang", lang,
                    capture], check=True, timeout=60)
    return story, html


def loads_alone(b):
    """Nothing is fetched, no script fails, each packet is an arrow with its words."""
    story, html = page("loss")
    b.open(html)
    assert b.run("return performance.getEntriesByType('resource').length") == 0
    assert b.run("return document.querySelectorAll('section[data-flow=\"0\"] "
                 "g.a[tabindex]').length") == len(story.packets)
    labels = b.run("return [...document.querySelectorAll('section[data-flow=\"0\"] "
                   "g.a[tabindex]')].map(a => a.getAttribute('aria-label'))")
    assert all(labels) and sum("retransmission" in l for l in labels) == 1, labels
    assert sum("lost (impairment)" in l for l in labels) == 1, labels


def shows_the_header(b):
    b.open(page("loss")[1])
    assert b.run("return document.getElementById('tip').hidden")
    b.hover("g.a.ctl text")
    text = b.run("const t = document.getElementById('tip');"
                 "return t.hidden ? null : t.textContent")
    assert text and "maximum segment size 1460" in text and "window scale 7" in text, text
    b.run("document.querySelector('g.a.lost').focus()")
    text = b.run("return document.getElementById('tip').textContent")
    assert "lost (impairment)" in text, text
    b.press("\ue00c")  # Escape
    assert b.run("return document.getElementById('tip').hidden")


def zooms(b):
    b.open(page("loss")[1])
    width = "return +document.querySelector('main svg').getAttribute('width')"
    first = b.run(width)
    b.run("document.getElementById('in').click()")
    larger = b.run(width)
    assert larger > first
    b.press("-")
    assert abs(b.run(width) - first) < 1
    b.run("document.getElementById('fit').click()")
    fits = b.run("return document.querySelector('main svg').getBoundingClientRect()"
                 ".width <= document.querySelector('main').clientWidth")
    assert fits


def filters_by_conversation(b):
    story, html = page("refused")
    b.open(html)
    visible = ("return [...document.querySelectorAll('main g.a[tabindex]')]"
               ".filter(a => a.getClientRects().length).length")
    assert b.run(visible) == len(story.packets)
    names = b.run("return [...document.getElementById('flow').options]"
                  ".map(o => o.textContent)")
    assert len(names) == 4 and "TCP" in names[1], names
    for value in ("1", "2", "3"):
        b.run("const f = document.getElementById('flow'); f.value = arguments[0];"
              "f.dispatchEvent(new Event('change'))", value)
        flows = b.run("return [...document.querySelectorAll('main g.a[tabindex]')]"
                      ".filter(a => a.getClientRects().length)"
                      ".map(a => a.dataset.flow)")
        assert flows and set(flows) == {value}, flows


def has_two_themes(b):
    """The page's colours change, and words are legible on both."""
    b.open(page("loss")[1])
    seen = set()
    for theme in ("light", "dark"):
        b.run("document.getElementById('theme').click()")
        assert b.run("return document.documentElement.dataset.theme") == theme
        paper, ink = b.run(
            "const c = e => getComputedStyle(document.querySelector(e)).fill;"
            "return [c('.ladder .paper'), c('.ladder .host')]")
        seen.add(paper)
        light, dark = sorted((brightness(paper), brightness(ink)), reverse=True)
        assert (light + .05) / (dark + .05) > 7, (theme, paper, ink)
    assert len(seen) == 2, seen


def speaks_spanish(b):
    """Also what the script says."""
    b.open(page("loss", "es")[1])
    assert b.run("return document.documentElement.lang") == "es"
    name = "return document.getElementById('theme').textContent"
    names = [b.run(name)]
    for _ in range(3):
        b.run("document.getElementById('theme').click()")
        names.append(b.run(name))
    assert names == ["Tema: automático", "Tema: claro", "Tema: oscuro",
                     "Tema: automático"], names
    b.run("document.querySelector('g.a.lost').focus()")
    text = b.run("return document.getElementById('tip').textContent")
    assert "perdido (por el enlace)" in text and "enviado en" in text, text


def brightness(colour):
    """Relative luminance (WCAG 2) of "rgb(r, g, b)"."""
    parts = [int(p) / 255 for p in colour[colour.index("(") + 1:-1].split(",")[:3]]
    r, g, b = (p / 12.92 if p <= .03928 else ((p + .055) / 1.055) ** 2.4 for p in parts)
    return .2126 * r + .7152 * g + .0722 * b


def is_drawn(b):
    """The picture is not blank: a screenshot of some size."""
    b.open(page("loss")[1])
    image = base64.b64decode(b.screenshot())
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack("!II", image[16:24])
    assert width >= 800 and height >= 400 and len(image) > 20000, len(image)


def main():
    tap = Tap()
    tests = (loads_alone, shows_the_header, zooms, filters_by_conversation,
             has_two_themes, speaks_spanish, is_drawn)
    try:
        browser = Browser(TMP.name)
    except Skip as skip:
        reason = str(skip)

        def cannot(*_):
            raise Skip(reason)

        for test in tests:
            tap.run(test.__name__, cannot)
        tap.done()
    try:
        for test in tests:
            tap.run(test.__name__, test, browser)
    finally:
        browser.close()
    tap.done()


main()
