"""Runs programs under the shim on a host without a network (tests/support) and
answers in TAP: either each small program of `calls`, on the kernel and on enchufe,
or ready-made servers and clients as far as they are installed.

usage: programs.py TESTHOST SHIM CALLS calls [NAME]...      but not these
       programs.py TESTHOST SHIM CALLS programs
SPDX-License-Identifier: BSD-2-Clause"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile

TESTHOST, SHIM, CALLS = (os.path.abspath(p) for p in sys.argv[1:4])
LIMIT = 30  # seconds; against hanging
HOST = [TESTHOST, "-t", str(LIMIT), "--"]

WEB = """
python3 -m http.server 8000 --bind 127.0.0.1 >/dev/null 2>&1 & p=$!
for k in 1 2 3 4 5 6 7 8 9 10; do
  sleep 0.3; curl -s -o out1 http://localhost:8000/big && break
done
cmp big out1 && {client}; r=$?
kill $p; exit $r
"""
REDIS = """
redis-server --port 6390 --save '' >/dev/null 2>&1 & p=$!
for k in 1 2 3 4 5 6 7 8 9 10; do
  sleep 0.3; redis-cli -p 6390 set a b 2>/dev/null | grep -q OK && break
done
test "$(redis-cli -p 6390 get a)" = b &&
redis-benchmark -p 6390 -t get,set -n 5000 -c 20 -q >/dev/null; r=$?
redis-cli -p 6390 shutdown nosave; wait $p; exit $r
"""
NGINX = """
cat > nginx.conf <<E
daemon off; pid nginx.pid; error_log stderr; worker_processes 2;
events {{ worker_connections 200; }}
http {{ access_log off; sendfile on; server {{ listen 127.0.0.1:8080; root $PWD; }} }}
E
chmod 755 .; chmod 644 big
nginx -p $PWD -c nginx.conf 2>/dev/null & p=$!
for k in 1 2 3 4 5 6 7 8 9 10; do
  sleep 0.3; curl -s -o out1 http://127.0.0.1:8080/big && break
done
cmp big out1; r=$?
kill $p; wait $p; exit $r
"""
NETCAT = """
nc -l 127.0.0.1 9000 < /dev/null > got & p=$!
for k in 1 2 3 4 5 6 7 8 9 10; do
  sleep 0.2; nc -q 1 -N 127.0.0.1 9000 < big 2>/dev/null && break
done
wait $p; cmp big got
"""
PROGRAMS = [
    ("curl", ["python3", "curl"], WEB.format(client="true")),
    ("wget", ["python3", "curl", "wget"], WEB.format(
        client="wget -q -O out2 http://servidor:8000/big && cmp big out2")),
    ("names", ["getent"], "getent hosts servidor | grep -q 127.0.0.1"),
    ("names_unpatched", ["python3"], "ENCHUFE_NO_PATCH=1 python3 -c \"import "
        "socket; assert socket.getaddrinfo('servidor', 80)\""),
    ("hostname", ["uname"], "test \"$(uname -n)\" = uno"),
    ("redis", ["redis-server", "redis-cli", "redis-benchmark"], REDIS),
    ("nginx", ["nginx", "curl"], NGINX.format()),
    ("netcat", ["nc"], NETCAT),
]


def run(command, folder):
    """None when it went well, else what is to be told."""
    env = dict(os.environ, ENCHUFE_TEST_SHIM=SHIM)
    child = subprocess.Popen(command, cwd=folder, env=env, text=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, start_new_session=True)
    try:
        out, _ = child.communicate(timeout=LIMIT + 10)
    except subprocess.TimeoutExpired:
        out = "it hangs"
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.wait()
    return None if child.returncode == 0 else f"{child.returncode}: {out}"


def call_cases(folder):
    """Yields name, verdict (None, text), reason to skip."""
    names = subprocess.run([CALLS, "-l"], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.split()
    for name in names:
        for side, host in ("kernel", []), ("enchufe", HOST):
            if name in sys.argv[5:]:
                yield f"{side} {name}", None, "not in this build"
            else:
                yield f"{side} {name}", run([*host, CALLS, name], folder), None


def program_cases(folder):
    """As call_cases."""
    for name, needs, script in PROGRAMS:
        missing = [n for n in needs if not shutil.which(n)]
        if missing:
            yield name, None, f"no {missing[0]} here"
        else:
            yield name, run(HOST + ["sh", "-c", script], folder), None


def main():
    cases = {"calls": call_cases, "programs": program_cases}[sys.argv[4]]
    failed = n = 0
    print("TAP version 13")
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "big"), "wb") as f:
            f.write(os.urandom(3_000_000))
        for name, bad, skip in cases(folder):
            n += 1
            failed += bad is not None
            print("not ok" if bad is not None else "ok", n, "-", name,
                  f"# SKIP {skip}" if skip else "", flush=True)
            for line in (bad or "").splitlines():
                print("#", line)
    print(f"1..{n}")
    return 1 if failed else 0


sys.exit(main())
