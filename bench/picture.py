"""The benchmarks' picture: a bar for each ratio on a logarithmic scale, a tick where
it was wanted to be.

SPDX-License-Identifier: BSD-2-Clause
"""

import math
import xml.sax.saxutils

LEFT, WIDTH, ROW, TOP = 330, 430, 22, 56
LOW, HIGH = 0.25, 2000
GOOD, BAD, INK, GRID = "#2f7d4f", "#b5503c", "#24292f", "#d0d7de"


def place(ratio):
    ratio = min(max(ratio, LOW), HIGH)
    return LEFT + WIDTH * math.log(ratio / LOW) / math.log(HIGH / LOW)


def text(x, y, words, anchor="start", size=12):
    words = xml.sax.saxutils.escape(words)
    return (f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" '
            f'font-size="{size}" fill="{INK}">{words}</text>')


def bar(y, title, result):
    ratio, wanted = result["ratio"]["median"], result.get("wanted", 0)
    x, one = place(ratio), place(1)
    good = ratio >= (wanted or 1)
    out = [text(LEFT - 8, y + 14, title, "end"),
           f'<rect x="{min(x, one):.1f}" y="{y + 3}" width="{abs(x - one):.1f}" '
           f'height="{ROW - 7}" fill="{GOOD if good else BAD}"/>',
           text(max(x, one) + 6, y + 14, f"{float(f'{ratio:.3g}'):g}×", size=11)]
    if wanted:
        w = place(wanted)
        out.append(f'<line x1="{w:.1f}" x2="{w:.1f}" y1="{y}" y2="{y + ROW - 2}" '
                   f'stroke="{INK}" stroke-width="2"/>')
    return out


def draw(results, titles, machine):
    rows = [r for r in results if "ratio" in r]
    height = TOP + ROW * len(rows) + 40
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 70}" '
           f'height="{height}" font-family="sans-serif">',
           '<rect width="100%" height="100%" fill="white"/>',
           text(12, 20, "enchufe beside the kernel: how many times better", size=15),
           text(12, 38, "medians of interleaved pairs; the black mark is what was "
                "wanted; further right is better", size=11)]
    for mark in (0.5, 1, 2, 5, 10, 50, 100, 1000):
        x = place(mark)
        out.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 4}" '
                   f'y2="{height - 34}" stroke="{GRID}"/>')
        out.append(text(x, height - 20, f"{mark:g}", "middle", 11))
    for k, r in enumerate(rows):
        out += bar(TOP + k * ROW, titles.get(r["figure"], r["figure"]), r)
    out.append(text(12, height - 4, f"Linux {machine['kernel_release']}, "
                    f"{machine['cpus']} × {machine['cpu']}", size=10))
    return "\n".join([*out, "</svg>"]) + "\n"
