"""`enchufe run --trace`: what a program called, and the ladder drawn from it.
SPDX-License-Identifier: BSD-2-Clause"""

import json
import os
import signal

from enchufe import each_in_a_world, ends

ASK = """
import errno, os, socket, sys
l = socket.create_server(("127.0.0.1", 0))
c = socket.create_connection(l.getsockname())
s, _ = l.accept()
c.send(b"x" * 100, socket.MSG_NOSIGNAL)
os.write(c.fileno(), b"yy")
s.recv(40)
s.setblocking(False)
while True:
    try:
        s.recv(4096)
    except BlockingIOError:
        break
c.shutdown(socket.SHUT_WR)
u = socket.socket(socket.AF_UNIX)
u.close()
c.close()
d = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
d.sendto(b"abc", l.getsockname())
sys.stdout.write("done")
sys.stdout.flush()
exec(sys.argv[1])
"""


def trace(w, *program, host=None):
    """(status, the events) of a program."""
    path = w.path("trace.jsonl")
    on = ["--on", host] if host else []
    status, out, err = ends(w.start("run", *on, "--trace", path, "--", *program))
    assert out == "done", (status, out, err)
    with open(path, encoding="utf-8") as f:
        return status, [json.loads(line) for line in f]


def check(events):
    """Each call once, in order, with what it was given and what it gave."""
    told = [(e["call"], e["args"], e.get("error") or e["result"]) for e in events]
    port = int(next(e for e in events if e["call"] == "listen")["local"].split(":")[1])
    c = next(e for e in events if e["call"] == "connect")["fd"]
    data = [e for e in events if e.get("fd") == c and e["call"] != "socket"]
    assert [e["call"] for e in data][:4] == ["connect", "send", "write", "shutdown"], told
    assert data[0]["args"] == f"127.0.0.1:{port}" == data[0]["remote"], data[0]
    assert data[0]["state"] == "ESTABLISHED" and data[0]["type"] == "tcp", data[0]
    assert data[1]["args"] == "100 bytes, MSG_NOSIGNAL" and data[1]["result"] == 100
    assert data[2]["args"] == "2 bytes" and data[2]["result"] == 2
    assert data[1]["sendbuf"] > 0 and data[1]["recvq"] == 0, data[1]
    assert data[3]["args"] == "SHUT_WR"
    s = next(e for e in events if e["call"] in ("accept", "accept4"))["result"]
    received = [e for e in events if e.get("fd") == s and e["call"].startswith("recv")]
    assert received[0]["args"] == "40 bytes" and received[0]["result"] == 40, received
    assert received[0]["recvq"] == 62, received[0]
    assert received[-1]["error"] == "EAGAIN", received[-1]
    assert not any("AF_UNIX" in e["args"] for e in events), told
    assert any(e["call"] == "sendto" and e["result"] == 3 for e in events), told
    times = [e["time"] for e in events]
    assert times == sorted(times) and all(e["took"] >= 0 for e in events)


def all_calls_are_told(w):
    status, events = trace(w, w.python, "-c", ASK, "sys.exit(7)")
    assert status == 7
    check(events)


def nothing_is_lost_when_it_is_killed(w):
    status, events = trace(w, w.python, "-c", ASK, "os.kill(os.getpid(), 9)")
    assert status == -signal.SIGKILL, status
    check(events)
    assert not [n for n in os.listdir(w.path("run")) if n.startswith("trace")]


def a_call_without_return(w):
    """A child is killed while it waits."""
    _, events = trace(w, w.python, "-c",
                      "import os, socket, sys, time\n"
                      "l = socket.create_server(('127.0.0.1', 0))\n"
                      "pid = os.fork()\n"
                      "if pid == 0:\n    l.accept()\n"
                      "asleep = 0\n"
                      "while asleep < 20:\n"
                      "    stat = open(f'/proc/{pid}/stat').read()\n"
                      "    asleep = asleep + 1 if stat.split()[2] == 'S' else 0\n"
                      "    time.sleep(0.02)\n"
                      "os.kill(pid, 9)\nos.wait()\nsys.stdout.write('done')")
    waits = [e for e in events if e["call"] in ("accept", "accept4")]
    assert len(waits) == 1, events
    assert "took" not in waits[0] and "result" not in waits[0], waits


def both_are_possible(w):
    path = w.path("both.jsonl")
    done = w.call("run", "--report", "--trace", path, "--", w.python, "-c",
                  "import socket; socket.socket()")
    assert done.returncode == 0 and "SOCK_STREAM" in done.stderr, done
    with open(path, encoding="utf-8") as f:
        assert '"call": "socket"' in f.read()
    done = w.call("run", "--trace", w.path("no/such"), "--", "true")
    assert done.returncode == 125, done


def a_ladder_of_it(w):
    """From two hosts to the picture: every packet of the capture has its arrow, and
    the calls stand beside."""
    w.up("network: two\nhosts:\n  client:\n  server:\nlinks:\n  - name: wire\n"
         "    between: [client, server]\n    delay: 5ms\n    capture: wire.pcapng\n")
    server = w.start("run", "--on", "server", "--trace", w.path("s.jsonl"), "--",
                     w.python, "-u", "-c", "import socket\n"
                     "l = socket.create_server(('0.0.0.0', 7000))\nprint('ready')\n"
                     "s, _ = l.accept()\nprint(len(s.recv(99)))\ns.close()")
    assert server.stdout.readline() == "ready\n"
    _, events = trace(w, w.python, "-c", "import socket, sys\n"
                      "c = socket.create_connection(('10.0.0.2', 7000))\n"
                      "c.send(b'hello')\nc.recv(9)\nc.close()\n"
                      "sys.stdout.write('done')", host="client")
    assert ends(server)[1].endswith("5\n") and events
    w.call("down", "two")
    text = w.call("diagram", "-e", w.path("trace.jsonl"), "-e", w.path("s.jsonl"),
                  w.path("wire.pcapng")).stdout
    for words in ("client (10.0.0.1", "server (10.0.0.2", "10.0.0.2:7000)", "SYN-SENT",
                  "send(3, 5 bytes)", "... accept", "len=5", "+5.000", "CLOSE-WAIT"):
        assert words in text, f"{words}\n{text}"
    done = w.call("diagram", "-e", w.path("trace.jsonl"), "-o", w.path("x.svg"),
                  w.path("wire.pcapng"))
    assert done.returncode == 0, done


each_in_a_world(all_calls_are_told, nothing_is_lost_when_it_is_killed,
                a_call_without_return, both_are_possible, a_ladder_of_it)
