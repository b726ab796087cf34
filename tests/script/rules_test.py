#!/usr/bin/env python3
"""docs/rules.md names what there is: scripts, tests, RFCs; and each cell of state and segment
has its script. SPDX-License-Identifier: BSD-2-Clause"""

import pathlib
import re
import sys

import tap

ROOT = pathlib.Path(sys.argv[1])
PKT = ROOT / "tests/script/pkt"
PAGE = (ROOT / "docs/rules.md").read_text()
STATES = ("closed listen syn_sent syn_received established fin_wait_1 fin_wait_2 close_wait "
          "closing last_ack time_wait").split()
SEGMENTS = ("ack ack_future ack_old data data_ahead data_beyond data_old fin no_flags rst "
            "rst_inside rst_outside syn syn_ack urgent window_zero").split()
CALLS = "close close_reset shut_both shut_read shut_write".split()
BEFORE_CALLS = {"closed", "listen", "syn_received"}  # no descriptor, or another life


def rows():
    for line in PAGE.splitlines():
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) in (2, 3) and not cells[0].startswith("---"):
            yield cells


def scripts_of(name):
    if name.endswith("/"):
        return list((PKT / name).rglob("*.pkt"))
    path = PKT / (name + ".pkt")
    return [path] if path.exists() else []


def names_exist():
    missing = [n for n in re.findall(r"`([a-z0-9_]+/[a-z0-9_/]*)`", PAGE)
               if not scripts_of(n)]
    missing += [p for p in re.findall(r"(tests/[\w/]+\.\w+)", PAGE)
                if not (ROOT / p).exists()]
    assert not missing, f"named, but not there: {missing}"


def each_script_has_its_rule():
    named = {p for n in re.findall(r"`([a-z0-9_]+/[a-z0-9_/]*)`", PAGE) for p in scripts_of(n)}
    bare = [str(p.relative_to(PKT)) for p in sorted(PKT.rglob("*.pkt")) if p not in named]
    assert not bare, f"no rule has {bare}"


def each_rule_is_shown():
    bare = [row[0] for row in rows() if row[0] not in ("rule", "what is done to us")
            and not re.search(r"`|tests/", row[-1])]
    assert len(list(rows())) > 40, "the tables were not found"
    assert not bare, f"nothing shows {bare}"


def rfcs_are_cited():
    text = "".join(p.read_text() for d in ("src/core", "src/sock", "src/inet")
                   for p in (ROOT / d).rglob("*.[ch]"))
    cited = set(re.findall(r"RFC\s+(?:\*\s+)?(\d+)", text))
    wanted = {n for row in rows() if len(row) == 3 for n in re.findall(r"RFC (\d+)", row[1])}
    assert len(wanted) > 25, "the RFCs were not found"
    assert wanted <= cited, f"no line cites RFC {sorted(wanted - cited)}"


def cells_are_there():
    missing = [f"{s}/{k}" for s in STATES for k in SEGMENTS
               if not (PKT / "states" / s / (k + ".pkt")).exists()]
    missing += [f"calls/{s}/{k}" for s in STATES for k in CALLS
                if s not in BEFORE_CALLS and not (PKT / "calls" / s / (k + ".pkt")).exists()]
    assert not missing, f"cells without a script: {missing}"


def main():
    t = tap.Tap()
    t.run("what is named is there", names_exist)
    t.run("each script has its rule", each_script_has_its_rule)
    t.run("each rule is shown", each_rule_is_shown)
    t.run("each RFC is cited", rfcs_are_cited)
    t.run("each state meets each segment and call", cells_are_there)
    t.done()


main()
