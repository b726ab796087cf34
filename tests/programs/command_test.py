"""The command: its subcommands, messages and exit statuses.
SPDX-License-Identifier: BSD-2-Clause"""

import os
import shutil
import signal
import subprocess

from enchufe import each_in_a_world, ends, eventually

LISTEN = """
import socket, sys
l = socket.socket()
l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
l.bind(("", int(sys.argv[1]))); l.listen(); print("ready")
c, _ = l.accept(); print(c.recv(100).decode()); c.sendall(b"welcome"); c.close()
"""
CONNECT = """
import socket, sys
c = socket.create_connection((sys.argv[1], int(sys.argv[2])))
c.sendall(b"hello"); print(c.recv(100).decode())
"""


def usage_is_status_2(w):
    for args in ((), ("no-such",), ("run",), ("run", "--no-such", "true"), ("up",),
                 ("down", "a", "b"), ("status", "x"), ("ping",), ("link", "set"),
                 ("link", "set", "a", "delay"), ("capture", "a")):
        done = w.call(*args)
        assert done.returncode == 2, (args, done.returncode, done.stderr)
        assert done.stderr and not done.stdout, args
    short = w.call("help")
    assert short.returncode == 0
    for name in ("run", "up", "down", "status", "ping", "doctor", "link", "capture", "help"):
        done = w.call("help", name)
        assert done.returncode == 0 and f"    enchufe {name}" in done.stdout, done
        assert f"\n  {name} " in short.stdout or f"\n  {name}\n" in short.stdout, name
        assert "##" not in done.stdout, done
    assert w.call("help", "no-such").returncode == 2


def statuses_are_the_programs_own(w):
    assert w.call("run", "--", "sh", "-c", "exit 7").returncode == 7
    assert w.call("run", "sh", "-c", "echo out; echo err >&2").stdout == "out\n"
    done = w.call("run", "--", "sh", "-c", "kill -TERM $$")
    assert done.returncode == -signal.SIGTERM, done.returncode
    done = w.call("run", "--", "no-such-program")
    assert done.returncode == 127 and "no-such-program" in done.stderr
    done = w.call("run", "--", "/etc/passwd")
    assert done.returncode == 126, done.returncode
    done = w.call("run", "--net", "nowhere", "--", "true")
    assert done.returncode == 125 and "not up" in done.stderr, done.stderr
    done = w.call("run", "--on", "nobody", "--", "true")
    assert done.returncode == 125 and "nobody" in done.stderr, done.stderr
    done = w.call("run", "--", "true")
    assert done.stderr == "" and done.stdout == "", done


def started_without_standard_descriptors(w):
    for closed in ("<&-", ">&-", "<&- >&-", "<&- >&- 2>&-"):
        done = subprocess.run(["sh", "-c", f"exec {w.enchufe} run -- sh -c 'exit 3' {closed}"],
                              env=w.env, timeout=30)
        assert done.returncode == 3, (closed, done)
        w.call("down", "default")  # unless it has left by itself
        eventually(lambda: w.status() == [], "the default network leaves")


def what_cannot_be_joined_is_said(w):
    with open("/bin/true", "rb") as f:
        elf = bytearray(f.read())
    # Without PT_INTERP: every program header of that type becomes PT_NULL.
    offset = int.from_bytes(elf[32:40], "little")
    for i in range(int.from_bytes(elf[56:58], "little")):
        at = offset + i * int.from_bytes(elf[54:56], "little")
        if elf[at:at + 4] == b"\x03\0\0\0":
            elf[at:at + 4] = b"\0\0\0\0"
    with open(w.path("static"), "wb") as f:
        f.write(elf)
    os.chmod(w.path("static"), 0o755)
    done = w.call("run", "--", w.path("static"))
    assert done.returncode == 126 and "static" in done.stderr, done
    script = w.write("script", f"#!{w.path('static')}\n")
    os.chmod(script, 0o755)
    assert w.call("run", "--", script).returncode == 126
    if os.geteuid() == 0:
        with open("/bin/true", "rb") as f, open(w.path("setuid"), "wb") as g:
            g.write(f.read())
        os.chown(w.path("setuid"), 12345, -1)
        os.chmod(w.path("setuid"), 0o4755)
        done = w.call("run", "--", w.path("setuid"))
        assert done.returncode == 126 and "set-uid" in done.stderr, done


def default_network_comes_and_goes(w):
    assert w.status() == []
    server = w.python_on(None, LISTEN, "4000")
    assert server.stdout.readline() == "ready\n"
    nets = w.status()
    assert [n["network"] for n in nets] == ["default"], nets
    # Another terminal meets it at localhost.
    client = w.python_on(None, CONNECT, "localhost", "4000")
    assert ends(client) == (0, "welcome\n", ""), client
    assert ends(server)[:2] == (0, "hello\n")
    eventually(lambda: w.status() == [], "the default network leaves")
    # Its socket goes first, what else it had a moment later.
    eventually(lambda: sorted(os.listdir(w.path("run"))) ==
               ["default.lock", "default.log"], "nothing but lock and log is left")


def it_leaves_though_its_folder_is_gone(w):
    program = w.start("run", "--", "cat", stdin=subprocess.PIPE)
    eventually(lambda: w.status() != [], "it came")
    pid = w.service_pid("default")
    shutil.rmtree(w.path("run"))
    # communicate() closes its input: that is its end.
    assert ends(program)[0] == 0
    eventually(lambda: not os.path.exists(f"/proc/{pid}"), "the service leaves")


def two_at_once_start_one(w):
    programs = [w.start("run", "--", "cat", stdin=subprocess.PIPE) for _ in range(8)]
    eventually(lambda: any(n["hosts"][0]["processes"] == 8 for n in w.status()), "all joined")
    assert len(w.status()) == 1
    for p in programs:
        assert ends(p) == (0, "", "")


def mistakes_in_the_file_are_told_with_their_line(w):
    bad = w.write("bad.yaml", "hosts:\n  a:\n  b:\nlinks:\n  - between: [a, b]\n    los: 1%\n")
    done = w.call("up", bad)
    assert done.returncode == 1 and f"{bad}:6:" in done.stderr, done.stderr
    done = w.call("up", w.path("missing.yaml"))
    assert done.returncode == 1 and "missing.yaml" in done.stderr, done.stderr
    assert w.status() == []


def up_and_down(w):
    assert "network two" in w.up()
    again = w.call("up", w.path("net.yaml"))
    assert again.returncode == 1 and "up already" in again.stderr, again.stderr
    done = w.call("run", "--net", "two", "--", "true")
    assert done.returncode == 125 and "--on" in done.stderr, done.stderr
    assert w.call("run", "--on", "client", "--", "true").returncode == 0
    assert w.call("down", "other").returncode == 1
    assert w.call("down").returncode == 0
    assert w.status() == []
    assert w.call("down").returncode == 1
    w.up()  # the name is free again at once
    assert w.call("down", "two").returncode == 0


def status_shows_a_connection(w):
    w.up()
    server = w.python_on("server", LISTEN, "80")
    assert server.stdout.readline() == "ready\n"
    client = w.python_on("client", CONNECT.replace("c.sendall", "sys.stdin.readline(); c.sendall"),
                         "server", "80", stdin=subprocess.PIPE)
    eventually(lambda: any(s["state"] == "ESTAB" for s in w.sockets("client")), "established")
    net = w.status()[0]
    assert {h["name"] for h in net["hosts"]} == {"client", "server"}
    link = net["links"][0]
    assert link["name"] == "wire" and link["delay_ms"] == 5 and link["loss"] == 0.005, link
    assert link["ports"][0]["frames_sent"] > 0
    listening = [s for s in w.sockets("server") if s["state"] == "listen"]
    assert len(listening) == 1 and listening[0]["pid"] == server.pid, listening
    assert "ESTAB" in w.call("status").stdout
    client.stdin.write("go\n")
    assert ends(client)[0] == 0 and ends(server)[0] == 0


LOOPBACK = """
import socket, sys
for family, name in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
    l = socket.create_server((name, 0), family=family)
    c = socket.create_connection(l.getsockname()[:2])
    a, peer = l.accept()
    assert peer == c.getsockname()
    c.sendall(b"question"); assert a.recv(100) == b"question"
    a.close(); assert c.recv(100) == b""
    u = socket.socket(family, socket.SOCK_DGRAM); u.bind((name, 0))
    v = socket.socket(family, socket.SOCK_DGRAM); v.sendto(b"one", u.getsockname())
    assert u.recv(100) == b"one"
"""


def loopback_is_shared_or_packets(w):
    w.up("hosts: {fast: {}, plain: {loopback: packets}}\n")
    for name in "fast", "plain":
        done = ends(w.python_on(name, LOOPBACK))
        assert done == (0, "", ""), done
    hosts = {h["name"]: h["tcp"] for n in w.status() for h in n["hosts"]}
    assert hosts["fast"]["segments_out"] == 0, hosts
    assert hosts["plain"]["passive_opens"] == 2, hosts


def ping_counts(w):
    w.up()
    assert w.call("link", "set", "wire", "loss", "0%", "delay", "2ms").returncode == 0
    done = w.call("ping", "--on", "client", "-c", "3", "-i", "0.01", "server")
    assert done.returncode == 0, done
    assert "3 packets transmitted, 3 received, 0% packet loss" in done.stdout, done.stdout
    done = w.call("ping", "--on", "client", "-c", "1", "-i", "0.01", "no-such-host")
    assert done.returncode == 2 and "no-such-host" in done.stderr, done
    assert w.call("link", "set", "server-client", "rate", "9mbit").returncode == 0
    assert w.status()[0]["links"][0]["rate_bps"] == 9e6
    assert w.call("link", "set", "wire", "loss", "200%").returncode == 1
    assert w.call("link", "set", "nowire", "loss", "2%").returncode == 1
    assert w.status()[0]["links"][0]["delay_ms"] == 2


def a_capture_holds_the_packets(w):
    w.up()
    assert w.call("link", "set", "wire", "loss", "0%").returncode == 0
    server = w.python_on("server", LISTEN, "80")
    assert server.stdout.readline() == "ready\n"
    client = w.start("run", "--on", "client", "--pcap", "out.pcapng", "--", w.python, "-c",
                     CONNECT, "server", "80")
    assert ends(client)[0] == 0
    assert ends(server)[0] == 0
    again = w.call("capture", "wire", "second.pcapng")
    assert again.returncode == 1 and "captured already" in again.stderr
    assert w.call("down").returncode == 0
    with open(w.path("out.pcapng"), "rb") as f:
        data = f.read()
    assert data[:4] == b"\x0a\x0d\x0d\x0a", "not a pcapng file"
    assert b"hello" in data and b"welcome" in data
    done = w.call("run", "--pcap", "x.pcapng", "--", "true")
    assert done.returncode == 125 and "no link" in done.stderr, done.stderr


def run_directory_of_others_is_refused(w):
    os.mkdir(w.path("run"), 0o755)
    os.chmod(w.path("run"), 0o755)
    done = w.call("status")
    assert done.returncode == 1 and "0700" in done.stderr, done.stderr
    os.chmod(w.path("run"), 0o700)


each_in_a_world(usage_is_status_2, statuses_are_the_programs_own,
                started_without_standard_descriptors, what_cannot_be_joined_is_said,
                default_network_comes_and_goes, it_leaves_though_its_folder_is_gone,
                two_at_once_start_one, mistakes_in_the_file_are_told_with_their_line,
                up_and_down, status_shows_a_connection, loopback_is_shared_or_packets,
                ping_counts, a_capture_holds_the_packets,
                run_directory_of_others_is_refused)
