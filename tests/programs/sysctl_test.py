#!/usr/bin/env python3
"""The rules of a network file (sysctl:): each has its effect on the programs of its host, and
of that host alone, and is what /proc/sys tells.
SPDX-License-Identifier: BSD-2-Clause"""

import os

import tap
from enchufe import each_in_a_world, ends

# Rule: its value, the lines that a program of the host prints about it, and those of one on
# a host without rules.
RULES = {
    "net.core.rmem_default": ("70000", "print(UDP.getsockopt(SOL_SOCKET, SO_RCVBUF))",
                              "70000", "212992"),
    "net.core.rmem_max": ("200000", "print(large(SO_RCVBUF))", "400000", "16777216"),
    "net.core.wmem_default": ("80000", "print(UDP.getsockopt(SOL_SOCKET, SO_SNDBUF))",
                              "80000", "212992"),
    "net.core.wmem_max": ("300000", "print(large(SO_SNDBUF))", "600000", "16777216"),
    "net.ipv4.ip_local_port_range": (
        "40000 40003", "print(*ports(5))", "40000 40001 40002 40003 EADDRINUSE",
        "free free free free free"),
    "net.ipv4.ip_unprivileged_port_start": (
        "90", "print(as_user(89), as_user(90))", "EACCES bound", "EACCES EACCES"),
    "net.ipv4.tcp_congestion_control": (
        "reno", "print(TCP.getsockopt(IPPROTO_TCP, TCP_CONGESTION, 4).decode())", "reno",
        "cubi"),
    "net.ipv4.tcp_fastopen": ("2", "print(tried(lambda: TCP.setsockopt(IPPROTO_TCP, 30, 1)))",
                              "ENOTSUP", "fine"),
    "net.ipv4.tcp_fin_timeout": ("17", "print(TCP.getsockopt(IPPROTO_TCP, TCP_LINGER2))",
                                 "17", "60"),
    "net.ipv4.tcp_keepalive_intvl": (
        "18", "print(TCP.getsockopt(IPPROTO_TCP, TCP_KEEPINTVL))", "18", "75"),
    "net.ipv4.tcp_keepalive_probes": (
        "19", "print(TCP.getsockopt(IPPROTO_TCP, TCP_KEEPCNT))", "19", "9"),
    "net.ipv4.tcp_keepalive_time": (
        "20", "print(TCP.getsockopt(IPPROTO_TCP, TCP_KEEPIDLE))", "20", "7200"),
    "net.ipv4.tcp_syn_retries": (
        "21", "print(TCP.getsockopt(IPPROTO_TCP, TCP_SYNCNT))", "21", "6"),
}
NET = "network: rules\nhosts:\n  plain: {}\n  ruled:\n    sysctl:\n" + "".join(
    f"      {name}: {rule[0]}\n" for name, rule in RULES.items())

BEGIN = """
import errno, os, sys
from socket import *
TCP, UDP = socket(), socket(type=SOCK_DGRAM)

def tried(call, good="fine"):
    try:
        call()
        return good
    except OSError as e:
        return errno.errorcode[e.errno]

def large(name):
    s = socket(type=SOCK_DGRAM)
    s.setsockopt(SOL_SOCKET, name, 1 << 30)
    return s.getsockopt(SOL_SOCKET, name)

def ports(n):
    all, got = [], []
    for k in range(n):
        s = socket()
        all.append(s)
        r = tried(lambda: s.bind(("127.0.0.1", 0)))
        port = s.getsockname()[1]
        got.append(r if r != "fine" else port if port in range(40000, 40004) else "free")
    return sorted(got, key=str)

def as_user(port):
    read, write = os.pipe()
    if os.fork() == 0:
        os.setuid(65534)
        os.write(write, tried(lambda: socket().bind(("127.0.0.1", port)), "bound").encode())
        os._exit(0)
    os.wait()
    return os.read(read, 50).decode()

def rule(name):
    with open("/proc/sys/" + name.replace(".", "/")) as f:
        return " ".join(f.read().split())
"""


def said(w, host, lines):
    status, out, err = ends(w.python_on(host, BEGIN + "\n".join(lines)))
    assert (status, err) == (0, ""), err
    return out.splitlines()


def each_has_its_effect(w):
    if os.geteuid() != 0:
        raise tap.Skip("an ordinary user's service has other privileged ports")
    w.up(NET)
    lines = [rule[1] for rule in RULES.values()]
    for host, column in (("ruled", 2), ("plain", 3)):
        for name, got in zip(RULES, said(w, host, lines), strict=True):
            assert got == RULES[name][column], f"{host}: {name}: {got}"


def each_is_told(w):
    w.up(NET)
    got = said(w, "ruled", [f"print(rule('{name}'))" for name in RULES])
    for (name, rule), value in zip(RULES.items(), got, strict=True):
        assert value == rule[0], f"{name}: {value}"


def none_can_be_written(w):
    w.up(NET)
    name = "/proc/sys/net/core/rmem_max"
    assert said(w, "ruled", [f"print(tried(lambda: open({name!r}, 'w')))"]) == ["EROFS"]


each_in_a_world(each_has_its_effect, each_is_told, none_can_be_written)
