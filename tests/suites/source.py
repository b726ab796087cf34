"""Sources of Debian's packages, fetched and unpacked into the build folder by
lists of our own; the system's stay as they are.
SPDX-License-Identifier: BSD-2-Clause"""

import glob
import os
import shutil
import subprocess

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
SOURCES = f"deb-src [signed-by={KEYRING}] http://deb.debian.org/debian bookworm main\n"


def call(command, cwd, log):
    """Its output goes to the log; the error's text is the end of it."""
    with open(log, "a", encoding="utf-8") as out:
        done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out,
                              stderr=out, check=False)
    return "" if done.returncode == 0 else f"{' '.join(command)} failed, see {log}"


def unpacked(folder, package):
    found = [d for d in glob.glob(os.path.join(folder, package + "-*")) if
             os.path.isdir(d)]
    return found[0] if found else None


def fetch(folder, package):
    """(folder of the unpacked source, or None; why not)."""
    source = unpacked(folder, package)
    if source:
        return source, ""
    if not shutil.which("apt-get") or not shutil.which("dpkg-source"):
        return None, "apt-get or dpkg-source is not installed"
    apt = os.path.join(folder, "apt")
    os.makedirs(os.path.join(apt, "lists", "partial"), exist_ok=True)
    with open(os.path.join(apt, "sources.list"), "w", encoding="utf-8") as f:
        f.write(SOURCES)
    options = [f"-oDir::Etc::SourceList={apt}/sources.list",
               "-oDir::Etc::SourceParts=/dev/null", f"-oDir::State::Lists={apt}/lists",
               f"-oDir::Cache={apt}"]
    log = os.path.join(folder, package + ".log")
    for command in (["apt-get", *options, "update"],
                    ["apt-get", *options, "source", package]):
        why = call(command, folder, log)
        if why:
            return None, why
    return unpacked(folder, package), ""


def built(folder, package, product, *commands):
    """Fetches, installs what building needs (as root), and runs the commands unless
    `product` is there. (source folder, why not)."""
    source, why = fetch(folder, package)
    if not source or os.path.exists(os.path.join(source, product)):
        return source, why
    log = os.path.join(folder, package + ".log")
    if os.geteuid() == 0:
        why = call(["apt-get", "build-dep", "-y", "-qq", "--no-install-recommends",
                    source], folder, log)
    for command in commands:
        why = why or call(command, source, log)
    return source, why
