#!/usr/bin/env python3
"""The style tests: for each rule, that it can fail, then that the tree keeps it.
usage: style.py ROOT COMPILER LIBRARY...   (libraries: of the core and of sock)
SPDX-License-Identifier: BSD-2-Clause"""

import os
import subprocess
import sys
import tempfile

import tap

import layers
import objects
import rules
from source import Source, tree

ROOT, COMPILER, LIBRARIES = sys.argv[1], sys.argv[2].split(), sys.argv[3:]
SOURCES = tree(ROOT)
GOOD_HEAD = "/* x SPDX-License-Identifier: BSD-2-Clause */\n"


def c(text, path="src/core/tcp/x.c"):
    return [Source(path, text)]


# For each rule of rules.py: one source that breaks it, one that only seems to.
EXAMPLES = {
    rules.function_length: (
        c("int f(void)\n{\n" + "\tg();\n" * 99 + "}\n"),
        c("int f(void)\n{\n" + "\tg();\n" * 98 + "}\n")),
    rules.file_length: (c("\n" * 1001), c("\n" * 1000)),
    rules.header_length: (c("\n" * 201, "a.h"), c("\n" * 200, "a.h")),
    rules.line_width: (c("\t" * 12 + "12345"), c("\t" * 12 + "1234")),
    rules.no_typedef_struct: (
        c("typedef struct a a;"), c("/* typedef struct a a; */\ntypedef enum e f(int);")),
    rules.no_ifdef_in_function: (
        c("int f(void)\n{\n#ifdef A\n#endif\n}\n"),
        c("#ifdef A\nint f(void)\n{\n\t/*\n#if */\n}\n#endif\n")),
    rules.licence_named: (c("/* x */\n"), c(GOOD_HEAD)),
    rules.opens_with_comment: (c("#include <x>\n" + GOOD_HEAD), c(GOOD_HEAD)),
}


def call(rule, sources):
    if "exceptions" in rule.__code__.co_varnames[:rule.__code__.co_argcount]:
        return rule(sources, {})
    return rule(sources)


def can_fail(rule):
    bad, good = EXAMPLES[rule]
    assert call(rule, bad), "does not see the bad example"
    assert not call(rule, good), f"refuses the good one: {call(rule, good)}"


def kept(problems):
    assert not problems, "\n".join(problems)


def exceptions_can_fail():
    long = c("\n" * 300, "a.h")
    only = {("header_length", "a.h"): (300, "why")}
    assert not rules.header_length(long, only)
    assert rules.header_length(c("\n" * 301, "a.h"), only)
    assert rules.header_length(c("\n", "a.h"), only), "a stale exception passes"


def arrows_can_fail():
    def wrong(path, include):
        return layers.wrong_arrows(c(f'#include "{include}"\n', path)[0])
    assert wrong("src/core/tcp/x.c", "stack/stack.h")
    assert wrong("src/core/tcp/x.c", "udp/udp.h")
    assert wrong("src/sock/x.c", "client/client.h")
    assert wrong("src/link/x.c", "sock/sock.h")
    assert wrong("src/client/x.c", "stack/stack.h")
    assert wrong("src/inet/x.c", "link/link.h")
    assert wrong("lab/x.c", "base/list.h")
    assert wrong("src/shm/x.c", "../sock/private.h")
    assert not wrong("src/core/tcp/x.c", "base/time.h")
    assert not wrong("src/service/x.c", "tcp/tcp.h")
    assert not wrong("src/shim/x.c", "sys/socket.h")


def arrows_kept():
    kept([p for s in SOURCES for p in layers.wrong_arrows(s)])


def every_folder_has_a_layer():
    folders = {os.path.dirname(s.path) for s in SOURCES if s.path.startswith("src/")}
    kept([f"{f} is of no layer" for f in sorted(folders)
          if layers.layer_of(f + "/") is None])


def stands_alone(path):
    """The compiler's complaints about a header included first, and twice."""
    full = os.path.join(ROOT, path)
    run = subprocess.run(
        [*COMPILER, "-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror",
         "-Wno-unused-parameter", "-fsyntax-only", "-x", "c",
         *layers.include_flags(ROOT, path), "-"],
        input=f'#include "{full}"\n#include "{full}"\n',
        capture_output=True, text=True, check=False)
    return f"{path}: {run.stderr.strip()}" if run.returncode else ""


def headers_can_fail():
    with tempfile.NamedTemporaryFile("w", suffix=".h") as header:
        header.write("#pragma once\nuint32_t x;\n")
        header.flush()
        assert stands_alone(header.name), "a header that needs another passes"


def headers_stand_alone():
    headers = [s.path for s in SOURCES if s.is_header]
    assert headers
    kept([p for p in map(stands_alone, headers) if p])


def compiled(text, folder):
    """An object file of that text; objdump reads it as it does a library."""
    out = os.path.join(folder, "x.o")
    subprocess.run([*COMPILER, "-x", "c", "-c", "-o", out, "-"], input=text,
                   text=True, check=True)
    return out


def objects_can_fail():
    with tempfile.TemporaryDirectory() as folder:
        bad = compiled("#include <errno.h>\n#include <unistd.h>\nint counter;\n"
                       "int f(void)\n{\n\tcounter++;\n\treturn close(errno);\n}\n",
                       folder)
        calls = " ".join(objects.forbidden_calls([bad]))
        assert "close" in calls and "__errno_location" in calls, calls
        assert "counter" in " ".join(objects.global_state([bad]))
        good = compiled("#include <string.h>\nstatic const char *const t[] = {\"a\"};\n"
                        "unsigned long f(int i)\n{\n\treturn strlen(t[i]);\n}\n",
                        folder)
        kept(objects.forbidden_calls([good]) + objects.global_state([good]))


def core_makes_no_system_call():
    assert LIBRARIES
    kept(objects.forbidden_calls(LIBRARIES))


def core_keeps_no_global_state():
    kept(objects.global_state(LIBRARIES))


def main():
    out = tap.Tap()
    for rule in EXAMPLES:
        out.run(rule.__name__ + "_can_fail", can_fail, rule)
        out.run(rule.__name__, lambda r=rule: kept(r(SOURCES)))
    for test in (exceptions_can_fail, arrows_can_fail, arrows_kept,
                 every_folder_has_a_layer, headers_can_fail, headers_stand_alone,
                 objects_can_fail, core_makes_no_system_call,
                 core_keeps_no_global_state):
        out.run(test.__name__, test)
    out.done()


main()
