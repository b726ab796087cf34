"""Finds the project's source files and takes C apart as far as the style tests
need it: comments and strings blanked, functions with their lines.
SPDX-License-Identifier: BSD-2-Clause"""

import os
import re

FOLDERS = ("src", "lab", "tests", "fuzz", "bench", "tools", "examples", ".ci", "include")
SUFFIXES = (".c", ".h", ".py", ".sh")
NO_SUFFIX = ("Makefile", ".ci/run")

_NOISE = re.compile(
    r"""/\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""",
    re.S | re.X)


class Source:
    """One file: its path from the root, its text, its lines."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.lines = text.splitlines()

    @property
    def is_c(self):
        return self.path.endswith((".c", ".h"))

    @property
    def is_header(self):
        return self.path.endswith(".h")

    def code(self):
        """The lines with comments and literals blanked: same count of lines."""
        def blank(found):
            return re.sub(r"[^\n]", " ", found[0])
        return _NOISE.sub(blank, self.text).splitlines()

    def functions(self):
        """(name, first line, last line) of each, lines counted from 1. A body
        opens by a brace in the first column, or at the end of a line that
        begins there and closes a parameter list."""
        found, start = [], None
        lines = self.code()
        for number, line in enumerate(lines, 1):
            if start is None and (line.rstrip() == "{" or
                                  re.match(r"\w.*\)\s*\{\s*$", line)):
                start = number
            elif start is not None and line.startswith("}"):
                found.append((_name_above(lines, start), start, number))
                start = None
        return found


def _name_above(lines, brace):
    head = ""
    for line in reversed(lines[max(0, brace - 8):brace]):
        head = line + " " + head
        names = re.findall(r"(\w+)\s*\(", head)
        if names and re.match(r"\w", line):
            break
    return names[0] if names else "?"


def tree(root):
    """Every source file of the project under root."""
    sources = []
    paths = [p for p in NO_SUFFIX if os.path.exists(os.path.join(root, p))]
    for folder in FOLDERS:
        for where, below, files in os.walk(os.path.join(root, folder)):
            below[:] = [b for b in below if b != "__pycache__"]
            paths += [os.path.relpath(os.path.join(where, f), root)
                      for f in files if f.endswith(SUFFIXES)]
    for path in sorted(set(paths)):
        with open(os.path.join(root, path), encoding="utf-8") as file:
            sources.append(Source(path, file.read()))
    return sources
