"""`enchufe run --report`: what a program asked for, and what became of it.
SPDX-License-Identifier: BSD-2-Clause"""

import json
import os
import signal

from enchufe import each_in_a_world, ends

ASK = """
import os, socket, sys
l = socket.create_server(("127.0.0.1", 0))
c = socket.create_connection(l.getsockname())
s, _ = l.accept()
for _ in range(3):
    c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
c.setsockopt(socket.SOL_SOCKET, 53, 1)  # SO_CNX_ADVICE
for level, name in ((socket.SOL_SOCKET, 16), (1234, 5)):  # SO_PASSCRED, nothing
    try:
        c.setsockopt(level, name, 1)
    except OSError:
        pass
c.send(b"x", socket.MSG_NOSIGNAL | socket.MSG_DONTWAIT)
s.recv(1, socket.MSG_WAITALL)
s.setblocking(False)
if os.fork() == 0:
    s.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    os._exit(0)
os.wait()
sys.stdout.write("done")
sys.stdout.flush()
exec(sys.argv[1])
"""


def report(w, end):
    """(the process, {(kind, what): (outcome, error, count)}) of ASK."""
    path = w.path("report.json")
    p = w.start("run", f"--report={path}", "--json", "--", w.python, "-c", ASK, end)
    status, out, err = ends(p)
    assert out == "done", (status, out, err)
    with open(path, encoding="utf-8") as f:
        said = json.load(f)
    assert said["lost"] == 0
    assert len(said["programs"]) == 1, said
    asked = said["programs"][0]["asked"]
    return status, {(a["kind"], a["what"]): (a["outcome"], a["error"], a["count"])
                    for a in asked}


def check(asked):
    want = {
        ("setsockopt", "TCP_NODELAY"): ("honoured", None, 3),
        ("setsockopt", "SO_CNX_ADVICE"): ("no effect", None, 1),
        ("setsockopt", "SO_PASSCRED"): ("refused", "EOPNOTSUPP", 1),
        ("setsockopt", "level 1234 option 5"): ("refused", "ENOPROTOOPT", 1),
        ("getsockopt", "SO_ACCEPTCONN"): ("honoured", None, 1),
        ("flag", "send MSG_NOSIGNAL"): ("honoured", None, 1),
        ("flag", "send MSG_DONTWAIT"): ("honoured", None, 1),
        ("flag", "recv MSG_WAITALL"): ("honoured", None, 1),
        ("ioctl", "FIONBIO"): ("honoured", None, 1),
    }
    for key, value in want.items():
        assert asked.get(key) == value, (key, asked.get(key), value)
    assert any(kind == "socket" and what.startswith("AF_INET SOCK_STREAM")
               for kind, what in asked), asked


def all_kinds_are_counted(w):
    status, asked = report(w, "sys.exit(7)")
    assert status == 7
    check(asked)


def nothing_is_lost_when_it_is_killed(w):
    status, asked = report(w, "os.kill(os.getpid(), 9)")
    assert status == -signal.SIGKILL, status
    check(asked)
    status, asked = report(w, "os._exit(0)")
    check(asked)


def as_text_on_standard_error(w):
    done = w.call("run", "--report", "--", w.python, "-c", ASK, "pass")
    assert done.returncode == 0 and done.stdout == "done", done
    assert "SO_PASSCRED" in done.stderr and "refused EOPNOTSUPP" in done.stderr, done
    assert os.path.basename(w.python) in done.stderr.splitlines()[0], done
    assert not [n for n in os.listdir(w.path("run")) if n.startswith("report")]


def each_program_has_its_part(w):
    path = w.path("two.json")
    done = w.call("run", f"--report={path}", "--json", "--", "sh", "-c",
                  f"env -i {w.python} -c 'import socket; socket.socket()'; exit 3")
    assert done.returncode == 3, done
    with open(path, encoding="utf-8") as f:
        names = [p["program"] for p in json.load(f)["programs"]]
    assert names == [os.path.basename(w.python)], names
    done = w.call("run", "--report", "--", "true")
    assert "no sockets" in done.stderr, done


def signals_reach_the_program(w):
    p = w.python_on(None, "pass")
    ends(p)
    p = w.start("run", "--report", "--", w.python, "-u", "-c", "import signal, sys, time\n"
                "signal.signal(signal.SIGTERM, lambda *_: sys.exit(5))\n"
                # In steps: a signal just before a sleep does not end it.
                "print('ready')\nwhile True: time.sleep(0.05)")
    assert p.stdout.readline() == "ready\n"
    p.send_signal(signal.SIGTERM)
    assert ends(p)[0] == 5
    assert w.call("run", "--json", "--", "true").returncode == 2
    assert w.call("run", "--report", "--", "no-such-program").returncode == 127
    assert w.call("run", f"--report={w.path('no/such')}", "--", "true").returncode == 125


each_in_a_world(all_kinds_are_counted, nothing_is_lost_when_it_is_killed,
                as_text_on_standard_error, each_program_has_its_part,
                signals_reach_the_program)
