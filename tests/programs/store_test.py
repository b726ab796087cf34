"""redis and memcached. SPDX-License-Identifier: BSD-2-Clause"""

from enchufe import ends
from real import PORT, main


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


main((redis,))
