"""redis, memcached and mosquitto. SPDX-License-Identifier: BSD-2-Clause"""

import os
import signal

from enchufe import ends, eventually
from real import PORT, contents, main, stop

# Each client keeps its own value growing and reads all the others'.
MEMCACHED = """
import socket, sys, threading
def ask(f, text, *ends):
    f.write(text); f.flush()
    lines = []
    while not lines or lines[-1] not in ends:
        lines.append(f.readline())
        assert lines[-1], lines
    return lines
def client(k):
    f = socket.create_connection((sys.argv[1], int(sys.argv[2]))).makefile("rwb")
    for n in range(20):
        value = b"%d:" % k * (n * 50 + 1)
        assert ask(f, b"set k%d 0 0 %d\\r\\n%s\\r\\n" % (k, len(value), value),
                   b"STORED\\r\\n")
        got = ask(f, b"get k%d\\r\\n" % k, b"END\\r\\n")
        assert got[1] == value + b"\\r\\n", got
        ask(f, b"incr total 1\\r\\n", *(b"%d\\r\\n" % x for x in range(10000)))
    f.close()
first = socket.create_connection((sys.argv[1], int(sys.argv[2]))).makefile("rwb")
ask(first, b"set total 0 0 1\\r\\n0\\r\\n", b"STORED\\r\\n")
threads = [threading.Thread(target=client, args=(k,)) for k in range(12)]
for t in threads: t.start()
for t in threads: t.join()
assert ask(first, b"get total\\r\\n", b"END\\r\\n")[1] == b"240\\r\\n"
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.settimeout(0.5)
for n in range(240):
    u.sendto(b"\\0\\1\\0\\0\\0\\1\\0\\0get total\\r\\n", (sys.argv[1], int(sys.argv[2])))
    try:
        assert b"240" in u.recv(2000)
        break
    except TimeoutError:
        pass
else:
    sys.exit("no datagram came")
print("fine")
"""


def redis(r):
    r.need("redis-server", "redis-cli", "redis-benchmark")
    server = r.server("redis-server", "--port", PORT, "--save", "", "--protected-mode", "no")
    r.answers(PORT)
    at = ["-h", r.host, "-p", PORT]
    assert r.call("redis-cli", *at, "set", "k", "v")[1] == b"OK\n"
    n = 200 if r.hosts else 20000
    for pipeline in (1, 16):
        code, out, err = r.call("redis-benchmark", *at, "-q", "-n", n, "-c", 50, "-P",
                                pipeline, "-t", "incr")
        assert code == 0 and b"requests per second" in out, err
    # Each request was counted once, or more were asked in a last pipeline.
    count = int(r.call("redis-cli", *at, "get", "counter:__rand_int__")[1])
    assert count >= 2 * n, count
    r.call("redis-cli", *at, "shutdown", "nosave")
    assert ends(server)[0] == 0


def redis_replica(r):
    """A replica takes over a whole data set, follows, and finds its master again."""
    r.need("redis-server", "redis-cli")
    common = ["--save", "", "--protected-mode", "no", "--repl-diskless-sync-delay", "0",
              "--dir", r.w.folder]
    master = r.server("redis-server", "--port", PORT, *common)
    r.answers(PORT)
    at = ["-h", r.host, "-p", PORT]
    data = contents(r.file("value", 700000))
    assert r.call("redis-cli", *at, "-x", "set", "big", data=data)[1] == b"OK\n"
    replica = r.client("redis-server", "--port", PORT + 1, *common,
                       "--replicaof", r.host, PORT)
    here = ["-h", "127.0.0.1", "-p", PORT + 1]
    eventually(lambda: r.call("redis-cli", *here, "get", "big")[1] == data + b"\n",
               "the value at the replica")
    for round in range(2):
        assert r.call("redis-cli", *at, "set", "k", round)[1] == b"OK\n"
        eventually(lambda: r.call("redis-cli", *here, "get", "k")[1] == b"%d\n" % round,
                   "the replica follows")
        # Cut, and found again.
        r.call("redis-cli", *at, "client", "kill", "type", "replica")
    assert r.call("redis-cli", *here, "set", "k", "v")[1].startswith(b"READONLY")
    for at_port, server in ((here, replica), (at, master)):
        r.call("redis-cli", *at_port, "shutdown", "nosave")
        assert ends(server)[0] == 0, at_port


def redis_channels(r):
    """Publish and subscribe, and a transaction by a pipe."""
    r.need("redis-server", "redis-cli")
    server = r.server("redis-server", "--port", PORT, "--save", "", "--protected-mode", "no",
                      "--io-threads", 2, "--io-threads-do-reads", "yes")
    r.answers(PORT)
    at = ["-h", r.host, "-p", PORT]
    listeners = [r.client("redis-cli", *at, "subscribe", "news") for _ in range(3)]
    for p in listeners:
        assert [p.stdout.readline() for _ in range(3)] == ["subscribe\n", "news\n", "1\n"]
    for text in ("item 0", "last"):
        assert r.call("redis-cli", *at, "publish", "news", text)[1] == b"3\n"
    for p in listeners:
        assert [p.stdout.readline() for _ in range(6)] == \
            ["message\n", "news\n", "item 0\n", "message\n", "news\n", "last\n"]
        stop(p, signal.SIGINT)
    lines = "".join(f"SET key{k} {k}\r\n" for k in range(5000)).encode()
    code, out, err = r.call("redis-cli", *at, "--pipe", data=lines)
    assert code == 0 and b"errors: 0, replies: 5000" in out, (out, err)
    assert r.call("redis-cli", *at, "dbsize")[1] == b"5000\n"
    r.call("redis-cli", *at, "shutdown", "nosave")
    assert ends(server)[0] == 0


def memcached(r):
    """Several threads serve many connections at once, by TCP and UDP."""
    r.need("memcached")
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    server = r.server("memcached", "-p", PORT, "-U", PORT, "-t", 4, "-l", "0.0.0.0", *user)
    r.answers(PORT)
    code, out, err = r.call(*r.python(MEMCACHED, r.host, PORT))
    assert (code, out) == (0, b"fine\n"), (out, err)
    stop(server)


def mosquitto(r):
    """MQTT: what was kept is told to who comes later, in both sure ways of delivery,
    a message longer than one buffer among them."""
    r.need("mosquitto", "mosquitto_sub", "mosquitto_pub")
    conf = r.w.write("mosquitto.conf", f"listener {PORT}\nallow_anonymous true\n")
    server = r.server("mosquitto", "-c", conf)
    r.answers(PORT)
    at = ["-h", r.host, "-p", PORT, "-q"]
    long = r.file("long", 300000)
    for qos, name, what in ((1, "one", ["-m", "first"]), (2, "two", ["-m", "second"]),
                            (2, "long", ["-f", long])):
        code, _, err = r.call("mosquitto_pub", *at, qos, "-r", "-t", f"house/{name}", *what)
        assert code == 0, err
    code, out, err = r.call("mosquitto_sub", *at, 2, "-t", "house/one", "-t", "house/two",
                            "-C", 2, "-v")
    assert code == 0 and sorted(out.splitlines()) == [b"house/one first",
                                                      b"house/two second"], (out, err)
    code, out, err = r.call("mosquitto_sub", *at, 2, "-t", "house/long", "-C", 1, "-N")
    assert code == 0 and out == contents(long), (len(out), err)
    assert stop(server)[0] == 0


main((redis, redis_replica, redis_channels, memcached, mosquitto))
