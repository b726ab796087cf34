"""Servers and clients in languages that bring their own event loops and threads:
Node, Java, Perl, Ruby, PHP. SPDX-License-Identifier: BSD-2-Clause"""

import os
import subprocess

from enchufe import LIMIT_S
from real import PORT, main, stop

PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers")


def talk(r, program, *pairs):
    """Starts each server and asks it by each of its clients."""
    for k, (serve, *asks) in enumerate(pairs):
        port = PORT + k
        server = r.server(*program, serve, "::", port)
        assert server.stdout.readline() == "ready\n", server.stderr.read()
        for ask in asks:
            code, out, err = r.call(*program, ask, r.host, port)
            assert (code, out) == (0, b"fine\n"), (serve, ask, out, err)
        stop(server)


def node(r):
    r.need("node")
    talk(r, ["node", os.path.join(PEERS, "peer.js")],
         ("serve", "ask"), ("httpServe", "httpAsk"), ("dgramServe", "dgramAsk"))


def node_cluster(r):
    r.need("node")
    program = ["node", os.path.join(PEERS, "peer.js")]
    server = r.server(*program, "clusterServe", "::", PORT)
    for _ in range(2):
        assert server.stdout.readline() == "ready\n", server.stderr.read()
    code, out, err = r.call(*program, "clusterAsk", r.host, PORT)
    assert (code, out) == (0, b"fine\n"), (out, err)
    stop(server)


def java(r):
    r.need("java", "javac")
    made = subprocess.run(["javac", "-d", r.w.folder, os.path.join(PEERS, "Peer.java")],
                          capture_output=True, timeout=2 * LIMIT_S)
    assert made.returncode == 0, made.stderr
    talk(r, ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", r.w.folder, "Peer"],
         ("serve", "ask"), ("nioServe", "nioAsk", "ask"), ("dgramServe", "dgramAsk"),
         ("httpServe", "httpAsk"))


def perl(r):
    r.need("perl")
    talk(r, ["perl", os.path.join(PEERS, "peer.pl")],
         ("serve", "ask"), ("selectServe", "ask"), ("dgramServe", "dgramAsk"))


def ruby(r):
    r.need("ruby")
    talk(r, ["ruby", os.path.join(PEERS, "peer.rb")], ("serve", "ask"))


def php(r):
    r.need("php")
    script = os.path.join(PEERS, "peer.php")
    talk(r, ["php", script], ("serve", "ask"))
    server = r.server("php", "-S", f"0.0.0.0:{PORT + 1}", script)
    r.answers(PORT + 1)
    code, out, err = r.call("php", script, "post", r.host, PORT + 1)
    assert (code, out) == (0, b"fine\n"), (out, err)
    stop(server)


main((node, perl, ruby, php), (node_cluster, java))
