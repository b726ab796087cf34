"""A network of the kernel's own for an experiment: a namespace with nothing but lo,
where a packet socket disturbs and sees nobody else. Root may make one; others may
where the system lets them have user namespaces.

Run as a program it is the process that keeps one: it says "ready" or why not, and
stays until its standard input ends.
SPDX-License-Identifier: BSD-2-Clause"""

import ctypes
import fcntl
import os
import socket
import struct
import subprocess
import sys

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 1

_libc = ctypes.CDLL(None, use_errno=True)


class Impossible(Exception):
    """What is needed cannot be had here; the text (a pair of languages) says why."""


def _checked(result, what):
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")


def _unshare():
    uid, gid = os.getuid(), os.getgid()
    if uid == 0:
        _checked(_libc.unshare(CLONE_NEWNET), "unshare")
        return
    _checked(_libc.unshare(CLONE_NEWUSER | CLONE_NEWNET), "unshare")
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"),
                       ("gid_map", f"0 {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def _keep():
    try:
        _unshare()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW):
            pass
    except OSError as error:
        print(error, flush=True)
        return 1
    print("ready", flush=True)
    sys.stdin.read()
    return 0


class Apart:
    """Use as a context; enter() is for a new process (preexec_fn)."""

    def __enter__(self):
        self.keeper = subprocess.Popen(
            [sys.executable, os.path.abspath(__file__)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, start_new_session=True)
        said = self.keeper.stdout.readline().strip()
        self.spaces = []
        if said != "ready":
            self.__exit__()
            raise Impossible((
                "hace falta un espacio de nombres de red propio, y el sistema no lo da "
                f"({said}): hay que ser root o poder crear espacios de usuario",
                "a network namespace of its own is needed, and the system gives none "
                f"({said}): be root, or be allowed to make user namespaces"))
        kinds = ["net"] if os.getuid() == 0 else ["user", "net"]
        self.spaces = [os.open(f"/proc/{self.keeper.pid}/ns/{kind}", os.O_RDONLY)
                       for kind in kinds]
        return self

    def __exit__(self, *_):
        self.keeper.stdin.close()
        self.keeper.wait()
        self.keeper.stdout.close()
        for space in self.spaces:
            os.close(space)

    def enter(self):
        for space in self.spaces:
            _checked(_libc.setns(space, 0), "setns")


if __name__ == "__main__":
    sys.exit(_keep())
