"""The rules of HACKING.md that a machine can judge. Each takes sources and
gives problems, as text. SPDX-License-Identifier: BSD-2-Clause"""

import re

FUNCTION_MAX = 100
FILE_MAX = 1000
HEADER_MAX = 200
WIDTH_MAX = 100

# (rule, path or path:function): (limit, why). One that is no longer needed is
# reported, so that the list can only be as long as it must.
EXCEPTIONS = {
    ("header_length", "src/shm/include/shm/layout.h"):
        (370, "one map of the shared memory: offsets are checked side by side"),
    ("header_length", "src/core/tcp/include/tcp/tcp.h"):
        (280, "half of it is the contract in comments"),
    ("header_length", "src/sock/include/sock/sock.h"):
        (230, "half of it is the contract in comments"),
}


def _limited(rule, measured, limit, exceptions):
    """measured: (name, value) pairs. Problems over the limit, and exceptions
    that no longer are."""
    problems, needed = [], set()
    for name, value in measured:
        allowed = limit
        if (rule, name) in exceptions and value > limit:
            needed.add((rule, name))
            allowed = exceptions[rule, name][0]
        if value > allowed:
            problems.append(f"{name}: {value} lines, at most {allowed}")
    problems += [f"{name}: exception no longer needed"
                 for r, name in exceptions if r == rule and (r, name) not in needed]
    return problems


def function_length(sources, exceptions=None):
    measured = [(f"{s.path}:{name}", last - first + 1) for s in sources if s.is_c
                for name, first, last in s.functions()]
    return _limited("function_length", measured, FUNCTION_MAX,
                    EXCEPTIONS if exceptions is None else exceptions)


def file_length(sources, exceptions=None):
    measured = [(s.path, len(s.lines)) for s in sources if not s.is_header]
    return _limited("file_length", measured, FILE_MAX,
                    EXCEPTIONS if exceptions is None else exceptions)


def header_length(sources, exceptions=None):
    measured = [(s.path, len(s.lines)) for s in sources if s.is_header]
    return _limited("header_length", measured, HEADER_MAX,
                    EXCEPTIONS if exceptions is None else exceptions)


def line_width(sources):
    return [f"{s.path}:{number}: {len(line.expandtabs(8))} columns"
            for s in sources for number, line in enumerate(s.lines, 1)
            if len(line.expandtabs(8)) > WIDTH_MAX]


def no_typedef_struct(sources):
    return [f"{s.path}:{number}: a tag, not a typedef"
            for s in sources if s.is_c for number, line in enumerate(s.code(), 1)
            if re.search(r"\btypedef\s+(struct|union|enum)\b[^(]*$", line)]


def no_ifdef_in_function(sources):
    problems = []
    for s in sources:
        if not s.is_c:
            continue
        lines = s.code()
        for name, first, last in s.functions():
            problems += [f"{s.path}:{number}: conditional inside {name}"
                         for number in range(first, last)
                         if re.match(r"\s*#\s*(if|ifdef|ifndef|elif|else)\b",
                                     lines[number - 1])]
    return problems


def licence_named(sources):
    return [f"{s.path}: no SPDX-License-Identifier" for s in sources
            if "SPDX-License-Identifier: BSD-2-Clause" not in s.text]


def opens_with_comment(sources):
    return [f"{s.path}: the first line says nothing" for s in sources
            if s.is_c and not s.text.startswith("/*")]
