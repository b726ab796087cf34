"""Death at every so many instructions of each call, on one host and across two:
step.c says what its neighbours still must be able to do.
usage: step_test.py BUILD [STRIDE]
SPDX-License-Identifier: BSD-2-Clause"""

import os
import sys

from tap import Tap
from world import World, until

# accept is the last: there the server's end closes first, so that its port stays
# taken for a minute, as on Linux. No other leaves anything in the listener's way.
LOCAL = ["send", "hold", "recv", "epoll", "epoll_ctl", "socket", "connect",
         "listen", "shutdown", "udp", "poll", "group", "accept"]
NET = ["send", "recv", "connect", "shutdown"]
STRIDE = 89  # a prime: other places in each call
LONG = {"group": 11, "hold": 3}  # so many times the stride: it has many more steps

ECHO = """
import socket, threading
l = socket.socket()
l.bind(("0.0.0.0", 7100))
l.listen(100)
def serve(c):
    try:
        while d := c.recv(65536):
            c.sendall(d)
    except OSError:
        pass
    c.close()
print("listening", flush=True)
while True:
    threading.Thread(target=serve, args=(l.accept()[0],), daemon=True).start()
"""


def step(world, build, operation, stride, *host):
    p = world.start("a", os.path.join(build, "tests/fault/step"), operation,
                    stride, *host)
    lines = p.rest()
    assert p.wait() == 0 and lines, f"{lines} {p}"
    print(f"# {lines[-1]}", flush=True)


def nothing_is_left(world):
    """All that the dead had held is swept up."""
    until("the sockets' return", lambda: not any(
        h["sockets"] for h in world.status()["hosts"]), 10)


def main():
    tap = Tap()
    build = sys.argv[1]
    stride = int(sys.argv[2]) if len(sys.argv) > 2 else STRIDE
    with World(build) as world:
        for operation in LOCAL:
            tap.run(f"killed in {operation}", step, world, build, operation,
                    stride * LONG.get(operation, 1))
        echo = world.start("b", sys.executable, "-c", ECHO)
        echo.expect("listening")
        for operation in NET:
            tap.run(f"two hosts, killed in {operation}", step, world, build,
                    operation, stride, "10.0.0.2")
        world.forget()
        tap.run("nothing is left", nothing_is_left, world)
    tap.done()


main()
