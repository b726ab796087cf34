"""Figures of unmodified programs from Debian: redis, nginx, iperf3.

SPDX-License-Identifier: BSD-2-Clause
"""

import json
import os
import time

from pairs import READY_S, Failed, Figure, Process, free_port, need, run

REQUESTS = {(1, 1): 20000, (1, 16): 200000, (50, 1): 100000, (50, 16): 800000}

NGINX = """daemon off;
master_process off;
worker_processes 1;
pid {dir}/nginx.pid;
error_log {dir}/error.log crit;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  keepalive_requests 1000000000;
  client_body_temp_path {dir};
  proxy_temp_path {dir};
  fastcgi_temp_path {dir};
  uwsgi_temp_path {dir};
  scgi_temp_path {dir};
  server {{ listen 127.0.0.1:{port}; root {dir}; }}
}}
"""


def redis(test, clients, pipeline):
    def take(bench, side, prefix):
        server = need("redis-server", "redis-benchmark", "redis-cli")
        port = free_port()
        where = ["-h", "127.0.0.1", "-p", port]
        listen = ["--port", port]
        if side == "unix":
            path = os.path.join(bench.dir, "redis.sock")
            where, listen = ["-s", path], ["--port", "0", "--unixsocket", path]
        with Process([*prefix, server, *listen, "--save", "", "--appendonly", "no"],
                     cwd=bench.dir):
            run([*prefix, "sh", "-c", "for i in $(seq 500); do redis-cli "
                 f"{' '.join(where)} ping >/dev/null 2>&1 && exit; sleep 0.02; "
                 "done; exit 1"])
            out = run([*prefix, "redis-benchmark", *where, "-t", test, "-c",
                       str(clients), "-P", str(pipeline), "-n",
                       str(REQUESTS[clients, pipeline]), "--csv"])
        for row in out.splitlines():
            cells = [c.strip('"') for c in row.split(",")]
            if cells[0].lower() == test:
                return float(cells[1])
        raise Failed(f"redis-benchmark said {out!r}")
    return take


def nginx(path, unit, *wrk):
    def take(bench, _side, prefix):
        server = need("nginx", "wrk")
        port = free_port()
        root = os.path.join(bench.dir, "nginx")
        os.makedirs(root, exist_ok=True)
        for name, size in (("1k", 1 << 10), ("1m", 1 << 20)):
            with open(os.path.join(root, name), "wb") as f:
                f.write(b"x" * size)
        conf = os.path.join(root, "nginx.conf")
        with open(conf, "w") as f:
            f.write(NGINX.format(dir=root, port=port))
        os.chmod(bench.dir, 0o755)
        url = f"http://127.0.0.1:{port}/{path}"
        with Process([*prefix, server, "-c", conf, "-p", root]):
            run([*prefix, bench.netbench, "await", "127.0.0.1", port])
            out = run([*prefix, "wrk", "-t1", "-d1s", *wrk, url])
        for row in out.splitlines():
            if row.startswith("Requests/sec:"):
                n = float(row.split()[1])
                return n * (1 << 20) if unit == "bytes/s" else n
        raise Failed(f"wrk said {out!r}")
    return take


def iperf3(bench, _side, prefix):
    """Its exit status is 0 also when it was refused, as before the server listens."""
    server = need("iperf3")
    port = free_port()
    end = time.monotonic() + READY_S
    with Process([*prefix, server, "-s", "-p", port]):
        while True:
            said = json.loads(run([*prefix, server, "-c", "127.0.0.1", "-p", port,
                                   "-t", "1", "-J"]))
            if "sum_received" in said["end"]:
                return said["end"]["sum_received"]["bits_per_second"] / 8
            error = said.get("error", "nothing")
            if "refused" not in error or time.monotonic() > end:
                raise Failed(f"iperf3 said {error!r}")
            time.sleep(0.02)


def redis_figures():
    wanted = {(1, 1): 5, (1, 16): 4, (50, 1): 2.5, (50, 16): 1.5}
    for (c, p), ratio in wanted.items():
        for test in ("get", "set"):
            yield Figure(f"redis-{test}-{c}x{p}", "requests/s", "more",
                         redis(test, c, p), ratio if test == "get" else 0,
                         title=f"redis {test.upper()}, {c} clients x pipeline {p}")
        yield Figure(f"redis-get-{c}x{p}-unix", "requests/s", "more",
                     redis("get", c, p), 1, "a Unix socket of the kernel",
                     ("unix", "enchufe"),
                     f"redis GET, {c} x {p}, to a Unix socket's")


FIGURES = [
    *redis_figures(),
    Figure("nginx-1", "requests/s", "more", nginx("1k", "", "-c1"), 4,
           title="nginx, 1 KiB, 1 connection"),
    Figure("nginx-50", "requests/s", "more", nginx("1k", "", "-c50"), 1.5,
           title="nginx, 1 KiB, 50 connections"),
    Figure("nginx-50-close", "requests/s", "more",
           nginx("1k", "", "-c50", "-H", "Connection: close"), 2,
           title="nginx, 1 KiB, 50, closed each time"),
    Figure("nginx-1MiB", "bytes/s", "more", nginx("1m", "bytes/s", "-c1"), 1.3,
           title="nginx, files of 1 MiB"),
    Figure("iperf3", "bytes/s", "more", iperf3, title="iperf3"),
]
