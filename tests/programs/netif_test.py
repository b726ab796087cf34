#!/usr/bin/env python3
"""The virtual host's interfaces, as programs of the system see them.

Root runs it in a network namespace of its own: what tries to change an interface
must not meet the machine's if it is not stopped.
SPDX-License-Identifier: BSD-2-Clause"""

import json
import os
import shutil
import subprocess
import sys

import tap
from enchufe import each_in_a_world, ends

NET = """network: netif
hosts:
  a:
  b:
links:
  - name: wire
    between: [a, b]
    addresses: {a: [10.7.0.1/24, "fd07::1/64"], b: [10.7.0.2/24, "fd07::2/64"]}
"""
WAIT = "import sys; print('up'); sys.stdin.readline()"


def enter_namespace():
    if os.geteuid() != 0 or os.environ.get("NETIF_TEST_INSIDE"):
        return
    if not shutil.which("unshare") or \
            subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode:
        print("TAP version 13\n1..0 # SKIP no right to make a network namespace")
        sys.exit(0)
    os.environ["NETIF_TEST_INSIDE"] = "1"
    os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.argv])


def on_a(w, *argv):
    if not shutil.which(argv[0]):
        raise tap.Skip(f"{argv[0]} is not installed")
    return ends(w.start("run", "--on", "a", "--", *argv))


def ip_json(w, *args):
    status, out, err = on_a(w, "ip", "-j", *args)
    assert status == 0 and err == "", (args, status, err)
    return json.loads(out)


def ip_addr(w):
    w.up(NET)
    links = ip_json(w, "addr")
    assert [i["ifname"] for i in links] == ["lo", "eth0"], links
    lo, eth0 = links
    assert lo["link_type"] == "loopback" and lo["mtu"] == 65536
    assert [a["local"] for a in lo["addr_info"]] == ["127.0.0.1", "::1"], lo
    assert eth0["mtu"] == 1500 and "UP" in eth0["flags"] and eth0["operstate"] == "UP"
    own = {(a["local"], a["prefixlen"], a["scope"]) for a in eth0["addr_info"]}
    assert ("10.7.0.1", 24, "global") in own and ("fd07::1", 64, "global") in own, own
    assert len([a for a in own if a[0].startswith("fe80::")]) == 1, own
    assert ip_json(w, "addr", "show", "dev", "eth0")[0]["ifname"] == "eth0"
    assert on_a(w, "ip", "link", "show", "dev", "nosuch0")[0] == 1


def ip_route_and_neighbours(w):
    w.up(NET)
    routes = ip_json(w, "route")
    assert routes == [{"dst": "10.7.0.0/24", "dev": "eth0", "protocol": "kernel",
                       "scope": "link", "prefsrc": "10.7.0.1", "flags": []}], routes
    assert {r["dst"] for r in ip_json(w, "-6", "route")} >= {"fd07::/64", "fe80::/64"}
    to = ip_json(w, "route", "get", "10.7.0.2")[0]
    assert to["dev"] == "eth0" and to["prefsrc"] == "10.7.0.1", to
    assert "unreachable" in on_a(w, "ip", "route", "get", "9.9.9.9")[2]
    assert ip_json(w, "neigh") == []
    done = w.call("ping", "--on", "a", "-c", "1", "10.7.0.2")
    assert done.returncode == 0, done
    near = ip_json(w, "neigh")
    assert [n["dst"] for n in near] == ["10.7.0.2"] and "lladdr" in near[0], near
    stats = ip_json(w, "-s", "link", "show", "dev", "eth0")[0]["stats64"]
    assert stats["rx"]["packets"] > 0 and stats["tx"]["bytes"] > 0, stats


def nothing_can_be_changed(w):
    w.up(NET)
    for args in (("link", "set", "eth0", "down"), ("addr", "add", "10.7.0.9/24", "dev", "eth0"),
                 ("route", "add", "default", "via", "10.7.0.2"),
                 ("link", "add", "dummy9", "type", "dummy"), ("neigh", "flush", "all")):
        status, _, err = on_a(w, "ip", *args)
        if args[0] != "neigh":
            assert status == 2 and "not permitted" in err, (args, status, err)
    assert [i["ifname"] for i in ip_json(w, "link")] == ["lo", "eth0"]
    assert "UP" in ip_json(w, "link", "show", "dev", "eth0")[0]["flags"]


def tools_of_old(w):
    w.up(NET)
    out = on_a(w, "ifconfig")[1]
    assert "inet 10.7.0.1  netmask 255.255.255.0  broadcast 10.7.0.255" in out, out
    assert "inet6 fd07::1  prefixlen 64  scopeid 0x0<global>" in out, out
    assert "10.7.0.0        0.0.0.0         255.255.255.0   U " in on_a(w, "route", "-n")[1]
    assert "not permitted" in on_a(w, "ifconfig", "eth0", "down")[2]


def socket_lists(w):
    w.up(NET)
    server = w.python_on("a", "import socket, sys; l = socket.create_server(('', 5123)); "
                         + WAIT, stdin=subprocess.PIPE)
    assert server.stdout.readline() == "up\n"
    assert "0.0.0.0:5123" in on_a(w, "ss", "-tln")[1]
    assert "0.0.0.0:5123" in on_a(w, "netstat", "-tln")[1]
    # Not the other host's.
    assert "5123" not in ends(w.start("run", "--on", "b", "--", "ss", "-tln"))[1]


SOCKETS = """
import os, socket, sys
s = [socket.create_server(("10.7.0.1", 5123), backlog=7),
     socket.create_server(("fd07::1", 5124), family=socket.AF_INET6),
     socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
     socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3)),
     socket.socket(socket.AF_INET, socket.SOCK_RAW, 99)]
s[2].bind(("10.7.0.1", 5125))
print(open('/proc/self/comm').read().strip(), os.getpid(), flush=True)
far = s[0].accept()[0]
far.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
while far.recv(4, socket.MSG_PEEK) != b"four":
    pass
print("came", flush=True)
sys.stdin.read()
"""


def rows(w, *args):
    status, out, err = on_a(w, "ss", "-H", *args)
    assert status == 0 and err == "", (args, status, err)
    return [line.split() for line in out.splitlines()]


def ss_by_netlink(w):
    w.up(NET)
    server = w.python_on("a", SOCKETS, stdin=subprocess.PIPE)
    name, pid = server.stdout.readline().split()
    user = f'users:(("{name}",pid={pid},fd=%d))'
    client = w.python_on("b", "import socket, sys; c = socket.create_connection(('10.7.0.1',"
                         " 5123)); c.send(b'four'); " + WAIT, stdin=subprocess.PIPE)
    assert client.stdout.readline() == "up\n"
    assert server.stdout.readline() == "came\n"
    listeners = rows(w, "-tlnp")
    assert ["LISTEN", "0", "7", "10.7.0.1:5123", "0.0.0.0:*", user % 3] in listeners, listeners
    assert any(r[3] == "[fd07::1]:5124" and r[5] == user % 4 for r in listeners), listeners
    assert [r[3:] for r in rows(w, "-uanp")] == [["10.7.0.1:5125", "0.0.0.0:*", user % 5]]
    assert [r[3] for r in rows(w, "-wan")] == ["0.0.0.0:99"]
    packets = rows(w, "-0anp")
    assert [r[-1] for r in packets] == [user % 6], packets
    (far,) = rows(w, "-tnoi", "sport", "=", ":5123")[:1]
    assert far[:2] == ["ESTAB", "4"] and far[3] == "10.7.0.1:5123", far
    assert far[4].startswith("10.7.0.2:") and far[5].startswith("timer:(keepalive,"), far
    assert rows(w, "-tn", "dst", "10.7.0.0/24")[0][0] == "ESTAB"
    assert rows(w, "-tn", "dst", "10.8.0.0/24") == []
    assert rows(w, "-tn", "dport", "=", ":5123") == []
    assert " cubic " in on_a(w, "ss", "-tin")[1]
    for p in client, server:
        p.stdin.close()
        p.stdin = None
        assert ends(p)[0] == 0


RULES = """network: rules
hosts:
  a:
    sysctl:
      net.core.rmem_default: 65536
      net.ipv4.ip_local_port_range: 40000 40999
      net.ipv4.tcp_congestion_control: bbr
"""
# Opening for writing changes nothing; nothing is ever written there.
READ = """
import errno, os
for name in "core/rmem_default", "ipv4/ip_local_port_range":
    print(repr(open("/proc/sys/net/" + name).read()))
for name in "core/rmem_default", "ipv4/tcp_timestamps":
    try:
        os.close(os.open("/proc/sys/net/" + name, os.O_WRONLY))
        print("open")
    except OSError as e:
        print(errno.errorcode[e.errno])
"""
CONGESTION = """
import socket
for name in "tcp_congestion_control", "tcp_available_congestion_control":
    print(open("/proc/sys/net/ipv4/" + name).read().strip())
l = socket.create_server(("127.0.0.1", 0))
c = socket.create_connection(l.getsockname())
l.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"reno")
c2 = socket.create_connection(l.getsockname())
s, s2 = l.accept()[0], l.accept()[0]
for x in c, s, s2:
    print(x.getsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, 16).rstrip(b"\\0").decode())
"""


def rules_of_the_network_file(w):
    w.up(RULES)
    out = ends(w.python_on("a", READ))[1]
    assert out.split("\n")[:4] == [r"'65536\n'", r"'40000\t40999\n'", "EROFS", "EROFS"], out
    out = ends(w.python_on("a", CONGESTION))[1]
    assert out.split("\n")[:5] == ["bbr", "cubic reno bbr", "bbr", "bbr", "reno"], out


def more_of_ip(w):
    w.up(NET)
    groups = {i["ifname"]: {m["address"] for m in i["maddr"] if "address" in m}
              for i in ip_json(w, "maddr")}
    assert {"224.0.0.1", "ff02::1", "ff01::1"} <= groups["eth0"], groups
    conf = {(c["family"], c["interface"]) for c in ip_json(w, "netconf")}
    assert conf == {(f, i) for f in ("inet", "inet6") for i in ("lo", "eth0", "all",
                                                              "default")}, conf
    tables = {(t["name"], t.get("dev")) for t in ip_json(w, "ntable")}
    assert tables == {(n, d) for n in ("arp_cache", "ndisc_cache")
                      for d in (None, "lo", "eth0")}, tables
    labels = [(p["address"], p["label"]) for p in ip_json(w, "addrlabel")]
    assert len(labels) == 10 and ("fc00::", 5) in labels, labels
    assert [q["kind"] for q in json.loads(on_a(w, "tc", "-j", "qdisc")[1])] == \
        ["noqueue", "noqueue"]
    for nothing in ("nexthop", "mroute", "neigh show proxy", "netns list-id", "tuntap"):
        assert on_a(w, "ip", *nothing.split()) == (0, "", ""), nothing


KINDS = """
import socket, sys
s = [socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)),
     socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)]
print("ready")
sys.stdin.read()
"""


def status_tells_kinds(w):
    w.up(NET)
    p = w.python_on("a", KINDS, stdin=subprocess.PIPE)
    assert p.stdout.readline() == "ready\n"
    kinds = sorted(s["protocol"] for s in w.sockets("a"))
    p.stdin.close()
    p.stdin = None
    assert ends(p)[0] == 0
    assert kinds == ["packet", "raw"], kinds


def languages(w):
    w.up(NET)
    out = ends(w.python_on("a", "import socket; print(socket.if_nameindex(), "
                           "socket.if_nametoindex('eth0'), socket.if_indextoname(1))"))
    assert out == (0, "[(1, 'lo'), (2, 'eth0')] 2 lo\n", ""), out
    assert on_a(w, "hostname", "-I")[1].split() == ["10.7.0.1", "fd07::1"]
    script = "const n = require('os').networkInterfaces(); " \
        "console.log(Object.keys(n).join(), n.eth0.map(a => a.address).join())"
    status, out, _ = on_a(w, "node", "-e", script)
    assert status == 0 and out.startswith("lo,eth0 10.7.0.1,"), out
    assert "fd07::1" in out


enter_namespace()
each_in_a_world(ip_addr, ip_route_and_neighbours, nothing_can_be_changed, tools_of_old,
                socket_lists, ss_by_netlink, rules_of_the_network_file, more_of_ip,
                status_tells_kinds, languages)
