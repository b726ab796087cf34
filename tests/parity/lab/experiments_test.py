#!/usr/bin/env python3
"""`enchufe lab`: all experiments, in both places; their stories; and what the command
answers to whoever errs.

usage: experiments_test.py ENCHUFE [GROUP]
       GROUP: plays the experiments of that group; without: the command and its pictures
SPDX-License-Identifier: BSD-2-Clause"""

import html
import os
import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree

import tap

import book
import groups
import stage
import story
from world import Folder

LIMIT_S = 1500  # for all of them, against hanging


def lab(*words, **env):
    return subprocess.run([sys.argv[1], "lab", *words], capture_output=True, text=True,
                          env={**os.environ, "LC_ALL": "C", **env}, timeout=LIMIT_S)


def stories():
    """Each experiment has its story in both languages, and no story is of none."""
    for module in groups.GROUPS:
        name = module.__name__.rsplit(".", 1)[-1]
        names = [e.name for e in groups.experiments() if e.group == name]
        for tongue in ("es", "en"):
            head, told = story.group(name, tongue)
            assert head.startswith("# "), (name, tongue)
            assert list(told) == names, (name, tongue, list(told), names)
            for key, one in told.items():
                assert one.title and one.text and one.expected and one.why, (key, tongue)
            other = story.group(name, "es")[1]
            assert all(bool(told[k].today) == bool(other[k].today) for k in told), name


def listed():
    """In the language of the locale."""
    for locale, text in (("es_ES.UTF-8", "connect antes de listen"),
                         ("C", "connect before listen")):
        done = lab("list", LC_ALL=locale)
        assert done.returncode == 0 and text in done.stdout, (locale, done.stdout)
        assert all(e.name in done.stdout for e in groups.experiments())


def misuse():
    for words in ((), ("no-such",), ("listen-2", "--on", "mars"), ("list", "--no-such"),
                  ("all", "--picture", "x.svg"), ("listen-2", "--book", "x"),
                  ("listen-2", "list"), ("listen-2", "nagle", "--picture", "x.svg")):
        done = lab(*words)
        assert done.returncode == 2 and done.stderr and not done.stdout, (words, done)
    done = lab("list", PATH="/nonexistent")
    assert done.returncode == 1 and "python3" in done.stderr, done


def pictures():
    """Of both places, a lane for each program; told to draw what it cannot, it says."""
    with Folder() as folder:
        done = lab("connect-before-accept", "--picture", os.path.join(folder, "l.svg"))
        assert done.returncode == 0, done.stdout + done.stderr
        for place in ("kernel", "enchufe"):
            with open(os.path.join(folder, f"l-{place}.svg"), encoding="utf-8") as file:
                text = "".join(xml.etree.ElementTree.parse(file).getroot().itertext())
            for word in ("acepta", "conecta", "listen(3, 2) = 0", "LISTEN", "SYN", "FIN"):
                assert word in text, (place, word, text)
        done = lab("dgram-nobody", "--on", "enchufe", "--picture", folder + "/no/l.svg")
        assert done.returncode == 1 and "no/l.svg" in done.stderr, done


def laddered(name, place, folder):
    """The lines of an experiment's picture, as text."""
    file = os.path.join(folder, name + ".txt")
    done = lab(name, "--on", place, "--picture", file)
    assert done.returncode == 0, done.stdout + done.stderr
    with open(file, encoding="utf-8") as text:
        return text.read().splitlines()


def first(rows, call, result):
    """The line where the call is first seen to give that, and the one below it."""
    for row, below in zip(rows, rows[1:] + [""]):
        if re.search(rf"\b{call}(\(.*\))? = {result}", row):
            return row, below
    raise AssertionError((call, result, rows))


def calls_told(place):
    """With their results and how full the buffers are then: the sender is told EAGAIN
    while nobody reads. The calls of one that was killed are told too, and those that are
    not written down."""
    with Folder() as folder:
        rows = laddered("send-nonblocking", place, folder)
        first(rows, "connect", "0")
        full = re.search(r"to send: (\d+) of (\d+)", first(rows, "send", "EAGAIN")[1])
        assert full and 0 < int(full[1]) <= int(full[2]), rows
        assert any("poll()" in row for row in rows), rows
        assert not any("emisor_nb: " in row and "(" in row for row in rows), rows
        rows = laddered("receiver-dies", place, folder)
        first(rows, "accept", "4")
        first(rows, "recv", r"\d")
        first(rows, "send", "(ECONNRESET|EPIPE)")
        assert any("recv" in row and "4096 bytes" in row for row in rows), rows


def a_book():
    """Of one experiment: both languages, self-contained, with its picture."""
    played = stage.Stage(os.path.join(os.path.dirname(sys.argv[1]), "lab"), sys.argv[1],
                         "en")
    one = next(e for e in groups.experiments() if e.name == "dgram-borders")
    with Folder() as folder:
        book.write(played, [(one, [played.play(one, stage.ENCHUFE)])], folder)
        for name, word in (("libro", "nunca son una"), ("book", "are never one")):
            for end in ("html", "md"):
                with open(f"{folder}/{name}.{end}", encoding="utf-8") as file:
                    text = file.read()
                assert word in text and "recvmsg(s, &" in html.unescape(text), name
                assert not re.search(r"(src|href)=.https?:", text), name
                assert ("data:image/svg" in text) == (end == "html"), name
        for tongue, title in (("es", "dos envíos nunca son una recepción: en enchufe"),
                              ("en", "two sends are never one receive: on enchufe")):
            file = f"{folder}/pictures/dgram-borders-enchufe.{tongue}.svg"
            with open(file, encoding="utf-8") as svg:
                text = svg.read()
            assert "UDP" in text and title in text, text


def interrupted():
    """Its programs end with it."""
    with subprocess.Popen([sys.argv[1], "lab", "listen-2"], start_new_session=True,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as run:
        until = time.monotonic() + 60
        while not (left := children(run.pid)) and time.monotonic() < until:
            time.sleep(0.01)
        assert left
        run.send_signal(signal.SIGINT)
        run.stderr.read()
        assert run.wait(60) == 130, run.returncode
    until = time.monotonic() + 60
    while any(alive(pid) for pid in left) and time.monotonic() < until:
        time.sleep(0.01)
    assert not any(alive(pid) for pid in left), left


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def each_of(group, out):
    """A result for each experiment and place, from the table that is printed."""
    done = lab(group)
    table = done.stdout.split("\n\n")[-1].splitlines()
    for line in table:
        print(f"# shown experiments: {line}")
    rows = {line.split()[0]: line for line in table[1:]}
    for one in groups.experiments():
        if one.group != group:
            continue
        row = rows.get(one.name, "")
        tale = next((t for t in done.stdout.split("\n\n")
                     if t.startswith(one.name + ": ")), done.stderr)
        out.result(f"both.{one.name}", row.count(" as expected") == 2, row + "\n" + tale)
    out.result("status", done.returncode == 0, f"{done.returncode}: {done.stderr}")


def main():
    out = tap.Tap()
    if len(sys.argv) > 2:
        each_of(sys.argv[2], out)
    else:
        for test in (stories, listed, misuse, pictures, a_book, interrupted):
            out.run(test.__name__, test)
        for place in stage.PLACES:
            out.run(f"calls_told.{place}", calls_told, place)
    out.done()


main()
