#!/usr/bin/env python3
"""Makes a C header that holds a text file as a string.
usage: embed.py TEXT HEADER NAME. SPDX-License-Identifier: BSD-2-Clause"""

import sys


def quoted(line):
    return '\t"' + line.replace("\\", "\\\\").replace('"', '\\"') + '\\n"'


def main():
    source, target, name = sys.argv[1:]
    with open(source, encoding="utf-8") as f:
        lines = f.read().splitlines()
    with open(target, "w", encoding="utf-8") as f:
        f.write(f"static const char {name}[] =\n" + "\n".join(map(quoted, lines)) + ";\n")


main()
