"""Figures over links: a TAP device and one end of a veth beside veth, and two hosts on
a link of ours beside two namespaces. As root, in a network namespace of their own.

SPDX-License-Identifier: BSD-2-Clause
"""

import os
import subprocess
import time

from pairs import Failed, Figure, free_port, need, sh

TAP = """network: tapbench
hosts:
  box: {}
links:
  - name: out
    tap: {host: box, device: ench0, addresses: [192.168.77.2/24]}
"""
PACKET = """network: packetbench
hosts:
  box: {}
links:
  - name: out
    packet: {host: box, device: p1, addresses: [192.168.76.2/24]}
"""
PAIR = """network: pairbench
hosts:
  a: {}
  b: {}
links:
  - name: wire
    between: [a, b]
    addresses: {a: [10.77.0.1/24], b: [10.77.0.2/24]}
"""
BYTES = "300000000"
WRITE = "65536"


class Networks:
    """What is made once, at the first figure that needs it."""

    def __init__(self, bench):
        if not os.environ.get("BENCH_INSIDE"):
            raise Failed("needs root, for a network namespace and devices")
        self.bench = bench
        self.up("tapbench", TAP)
        sh("ip addr add 192.168.77.1/24 dev ench0")
        sh("ip link set ench0 up")
        sh("ip link add p0 type veth peer name p1")
        sh("ip addr add 192.168.76.1/24 dev p0")
        sh("ip link set p0 up")
        sh("ip link set p1 up")
        self.up("packetbench", PACKET)
        self.up("pairbench", PAIR)
        self.far = self.veth("v", "192.168.78", True)
        self.plain = None

    def up(self, name, text):
        path = os.path.join(self.bench.dir, name + ".yaml")
        with open(path, "w") as f:
            f.write(text)
        sh(f"{self.bench.enchufe} up {path}")
        self.bench.at_end(sh, f"{self.bench.enchufe} down {name}")

    def veth(self, name, net, offloads):
        """A second namespace behind a veth pair: its prefix command."""
        holder = subprocess.Popen(["unshare", "--net", "sleep", "3600"])
        self.bench.at_end(holder.wait)
        self.bench.at_end(holder.kill)
        ours = os.readlink("/proc/self/ns/net")
        for _ in range(500):
            if os.readlink(f"/proc/{holder.pid}/ns/net") != ours:
                break
            time.sleep(0.01)
        inside = f"nsenter --net=/proc/{holder.pid}/ns/net"
        sh(f"ip link add {name}0 type veth peer name {name}1")
        sh(f"ip link set {name}1 netns {holder.pid}")
        for where, end, addr in (("", 0, 1), (inside + " ", 1, 2)):
            sh(f"{where}ip addr add {net}.{addr}/24 dev {name}{end}")
            sh(f"{where}ip link set {name}{end} up")
            if not offloads:
                sh(f"{where}ethtool -K {name}{end} tso off gso off gro off tx off")
        return inside.split()

    def without_offloads(self):
        if not self.plain:
            need("ethtool")
            self.plain = self.veth("w", "192.168.79", False)
        return self.plain

    def on(self, network, host):
        return [self.bench.enchufe, "run", "--net", network, "--on", host, "--"]


_made = []


def networks(bench):
    if not _made:
        _made.append(Networks(bench))
    return _made[0]


OURS = {"tapbench": "192.168.77", "packetbench": "192.168.76"}


def far_of(net, side, name, offloads):
    """The far end's prefix; our address and its, as each sees the other."""
    if side == "enchufe":
        return net.on(name, "box"), OURS[name] + ".1", OURS[name] + ".2"
    if offloads:
        return net.far, "192.168.78.1", "192.168.78.2"
    return net.without_offloads(), "192.168.79.1", "192.168.79.2"


def bulk(bench, server, client, addr):
    port = free_port()
    return bench.served(server, client, port, ["stream", addr, port, BYTES, WRITE])[
        "bytes_per_s"]


def receives(name, offloads):
    def take(bench, side, _prefix):
        far, near_addr, _ = far_of(networks(bench), side, name, offloads)
        return bulk(bench, [], far, near_addr)
    return take


def sends(name, offloads):
    def take(bench, side, _prefix):
        far, _, far_addr = far_of(networks(bench), side, name, offloads)
        return bulk(bench, far, [], far_addr)
    return take


def ends(bench, side):
    net = networks(bench)
    if side == "enchufe":
        return net.on("pairbench", "a"), net.on("pairbench", "b"), "10.77.0.1"
    return [], net.far, "192.168.78.1"


def pair_stream(bench, side, _prefix):
    server, client, addr = ends(bench, side)
    return bulk(bench, server, client, addr)


def pair_echo(bench, side, _prefix):
    server, client, addr = ends(bench, side)
    port = free_port()
    return bench.served(server, client, port, ["echo", addr, port, "5000"])["p50_ns"]


FIGURES = [
    Figure("tap-to-kernel", "bytes/s", "more", receives("tapbench", True), 0.5,
           "kernel to kernel over veth", title="TAP, to the kernel"),
    Figure("tap-from-kernel", "bytes/s", "more", sends("tapbench", True), 0.5,
           "kernel to kernel over veth", title="TAP, from the kernel"),
    Figure("tap-to-kernel-plain", "bytes/s", "more", receives("tapbench", False), 2,
           "veth without offloads", title="TAP, to the kernel; veth without offloads"),
    Figure("tap-from-kernel-plain", "bytes/s", "more", sends("tapbench", False), 2,
           "veth without offloads",
           title="TAP, from the kernel; veth without offloads"),
    Figure("packet-to-kernel", "bytes/s", "more", receives("packetbench", True), 0.5,
           "kernel to kernel over veth", title="packet socket on a veth, to the kernel"),
    Figure("packet-from-kernel", "bytes/s", "more", sends("packetbench", True), 0.5,
           "kernel to kernel over veth", title="packet socket on a veth, from the kernel"),
    Figure("hosts-stream", "bytes/s", "more", pair_stream, 2,
           "two namespaces over veth", title="Two hosts on a link, bulk"),
    Figure("hosts-echo", "ns", "less", pair_echo, 2, "two namespaces over veth",
           title="Two hosts on a link, 1 byte"),
]
