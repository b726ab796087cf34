"""What the compiled core calls and keeps: no input or output, no clock, no
errno, no thread, no global state. SPDX-License-Identifier: BSD-2-Clause"""

import re
import subprocess

ALLOWED = re.compile(r"""
    mem(cpy|move|set|cmp|chr) | bcmp | explicit_bzero
  | str(len|nlen|cmp|ncmp|chr|rchr|spn|cspn|str|ncpy) | v?snprintf
  | malloc | calloc | realloc | free | aligned_alloc | qsort | bsearch
  | abort | __assert_fail | __stack_chk_fail | _GLOBAL_OFFSET_TABLE_
  | __(mem|str|v?snprintf)\w*_chk
  | __(asan|ubsan|tsan|msan|lsan|sancov|sanitizer|start_|stop_)_?\w*
""", re.X)


def symbols(library):
    """(defined, undefined, variables): the last are (name, section) of the
    ones that can be written."""
    defined, undefined, variables = set(), set(), set()
    table = subprocess.run(["objdump", "-t", library], check=True,
                           capture_output=True, text=True).stdout
    for line in table.splitlines():
        found = re.match(r"[0-9a-f]{16} (.{7}) (\S+)\s+[0-9a-f]+ (?:\.hidden )?(\S+)$",
                         line)
        if not found:
            continue
        flags, section, name = found.groups()
        if section == "*UND*":
            undefined.add(name)
        else:
            defined.add(name)
        writable = re.match(r"\.(data|bss|tdata|tbss)(?!\.rel\.ro)|\*COM\*", section)
        if writable and "d" not in flags:
            variables.add((name, section))
    return defined, undefined, variables


def forbidden_calls(libraries):
    """Functions called by these libraries, defined in none, not allowed."""
    defined, calls = set(), {}
    for library in libraries:
        d, u, _ = symbols(library)
        defined |= d
        for name in u:
            calls.setdefault(name, library)
    return [f"{library} calls {name}" for name, library in sorted(calls.items())
            if name not in defined and not ALLOWED.fullmatch(name)]


def global_state(libraries):
    """Variables that can be written; a sanitizer's own do not count."""
    problems = []
    for library in libraries:
        _, undefined, variables = symbols(library)
        if any(name.startswith(("__asan_", "__tsan_", "__sanitizer_cov"))
               for name in undefined):
            continue
        problems += [f"{library} keeps {name} in {section}"
                     for name, section in sorted(variables)]
    return problems
