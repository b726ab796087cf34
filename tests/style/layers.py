"""The layers and their arrows, as docs/design/layers.md draws them.
SPDX-License-Identifier: BSD-2-Clause"""

import os
import re

FOLDER = {
    "base": "src/core/base", "wire": "src/core/wire", "ip": "src/core/ip",
    "udp": "src/core/udp", "tcp": "src/core/tcp", "stack": "src/core/stack",
    "shm": "src/shm", "sock": "src/sock", "inet": "src/inet", "link": "src/link",
    "run": "src/run", "service": "src/service", "client": "src/client",
    "shim": "src/shim", "diagram": "src/diagram", "cli": "src/cli", "lab": "lab",
}
DIRECT = {
    "base": [], "wire": ["base"], "ip": ["wire"], "udp": ["ip"], "tcp": ["ip"],
    "stack": ["udp", "tcp"],
    "shm": ["base"], "sock": ["base", "shm"], "link": ["base", "wire"],
    "run": ["shm"],
    "inet": ["stack", "sock"],
    "service": ["inet", "link", "run"],
    "client": ["sock", "shm"], "shim": ["client"], "diagram": ["wire"],
    "cli": ["client", "run", "diagram"],
    "lab": [],
}
INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]')


def below(layer):
    """The layers whose headers a layer may include: all under it."""
    seen = set()
    todo = list(DIRECT[layer])
    while todo:
        one = todo.pop()
        if one not in seen:
            seen.add(one)
            todo += DIRECT[one]
    return seen


def layer_of(path):
    for layer, folder in FOLDER.items():
        if path.startswith(folder + "/"):
            return layer
    return None


def wrong_arrows(source):
    """Problems in the #include lines of one file of a layer."""
    layer = layer_of(source.path)
    problems = []
    if not source.is_c or layer is None:
        return problems
    for number, line in enumerate(source.lines, 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        where = f"{source.path}:{number}"
        if ".." in found[1].split("/"):
            problems.append(f"{where}: {found[1]}: not by way of ..")
        target = found[1].split("/")[0]
        if "/" not in found[1] or target not in FOLDER or target == layer:
            continue
        if target not in below(layer):
            problems.append(f"{where}: {layer} must not include {found[1]}")
    return problems


def include_flags(root, path):
    """-I for what a file of that path may see."""
    layer = layer_of(path)
    folders = [os.path.dirname(path)]
    if layer and layer != "lab":
        folders += [FOLDER[l] + "/include" for l in sorted(below(layer) | {layer})]
    if path.startswith("tests/"):
        folders += [f + "/include" for l, f in FOLDER.items() if l != "lab"]
        folders.append(FOLDER["service"])  # its headers lie beside its sources
        folders += ["tests/runner"]
    return ["-I" + os.path.join(root, f) for f in folders
            if os.path.isdir(os.path.join(root, f))]
