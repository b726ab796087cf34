"""rsync, git, dnsmasq with dig, nginx with TLS and HTTP/2, nmap.
SPDX-License-Identifier: BSD-2-Clause"""

import os
import subprocess

from enchufe import LIMIT_S, eventually
from real import PORT, main, same, stop

RSYNC = """use chroot = no
pid file = {dir}/rsyncd.pid
[files]
path = {dir}/there
read only = false
{user}
"""

DNSMASQ = """port={port}
no-resolv
no-hosts
keep-in-foreground
pid-file=
{user}
address=/four.test/10.1.2.3
address=/six.test/fd00::7
{texts}
"""

HTTP2 = """daemon off;
worker_processes 2;
{user}
pid {dir}/nginx.pid;
error_log {dir}/error.log;
events {{ worker_connections 64; }}
http {{
	access_log off;
	client_body_temp_path {dir}/body;
	proxy_temp_path {dir}/proxy;
	fastcgi_temp_path {dir}/fastcgi;
	uwsgi_temp_path {dir}/uwsgi;
	scgi_temp_path {dir}/scgi;
	server {{
		listen {port} ssl http2;
		listen [::]:{port} ssl http2;
		ssl_certificate {dir}/cert;
		ssl_certificate_key {dir}/key;
		root {dir}/www;
	}}
}}
"""


def root_as(text, otherwise=""):
    return text if os.geteuid() == 0 else otherwise


def tree(r, name, size):
    r.file(f"{name}/big", 300000 if r.hosts else size)
    for k in range(100):
        r.file(f"{name}/many/{k}", 100 * k)


def equal(r, a, b):
    found = subprocess.run(["diff", "-r", r.w.path(a), r.w.path(b)], timeout=LIMIT_S,
                           capture_output=True, check=False)
    assert found.returncode == 0, found.stdout[:500]


def rsync(r):
    """A tree from the daemon, and what has changed of it back."""
    r.need("rsync")
    tree(r, "there", 20000000)
    conf = r.w.write("rsyncd.conf", RSYNC.format(
        dir=r.w.folder, user=root_as("uid = root\ngid = root")))
    server = r.server("rsync", "--daemon", "--no-detach", "--port", PORT,
                      f"--config={conf}")
    r.answers(PORT)
    url = f"rsync://{r.host}:{PORT}/files/"
    code, _, err = r.call("rsync", "-a", url, "here/")
    assert code == 0, err
    equal(r, "there", "here")
    with open(r.w.path("here/big"), "r+b") as f:
        f.seek(200000)
        f.write(b"something else")
    os.remove(r.w.path("here/many/7"))
    code, _, err = r.call("rsync", "-a", "--delete", "--ignore-times", "here/", url)
    assert code == 0, err
    equal(r, "there", "here")
    stop(server)


def git(r):
    """A clone from the daemon, and a push to it."""
    r.need("git")
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "gc.auto=0",
                "-c", "core.fsync=none", "-c", "core.compression=0"]

    def local(*args, where="."):
        done = subprocess.run(["git", *identity, *args], cwd=r.w.path(where),
                              capture_output=True, timeout=4 * LIMIT_S, check=False)
        assert done.returncode == 0, done.stderr

    local("init", "-q", "--bare", "-b", "main", "there.git")
    local("init", "-q", "-b", "main", "work")
    tree(r, "work", 2000000)
    local("add", ".", where="work")
    local("commit", "-q", "-m", "all", where="work")
    local("push", "-q", "../there.git", "main", where="work")
    server = r.server("git", "daemon", f"--port={PORT}", "--export-all", "--reuseaddr",
                      "--enable=receive-pack", f"--base-path={r.w.folder}")
    r.answers(PORT)
    url = f"git://{r.host}:{PORT}/there.git"
    code, _, err = r.call("git", "clone", "-q", url, "clone")
    assert code == 0, err
    assert same(r.w.path("clone/big"), r.w.path("work/big"))
    r.file("clone/more", 200000)
    local("add", "more", where="clone")
    local("commit", "-q", "-m", "more", where="clone")
    code, _, err = r.call("git", "-C", "clone", "push", "-q", "origin", "main")
    assert code == 0, err
    local("pull", "-q", "../there.git", "main", where="work")
    assert same(r.w.path("clone/more"), r.w.path("work/more"))
    stop(server)


def dns(r):
    """Datagrams; a stream for what is too long; both families."""
    r.need("dnsmasq", "dig")
    texts = "\n".join(f"txt-record=long.test,{k:02d}{'x' * 200}" for k in range(12))
    conf = r.w.write("dnsmasq.conf", DNSMASQ.format(
        port=PORT, user=root_as("user=root"), texts=texts))
    server = r.server("dnsmasq", "-C", conf)
    ask = ["dig", "+short", "+tries=3", "+time=5", "-p", PORT]

    def answer(*query):
        code, out, _ = r.call(*ask, *query)
        return out.decode() if code == 0 else ""

    def at(family):
        code, out, _ = r.call(*r.python(
            "import socket, sys\n"
            "print(socket.getaddrinfo(sys.argv[1], 1, int(sys.argv[2]))[0][4][0])",
            r.host, family))
        assert code == 0
        return "@" + out.decode().strip()

    four, six = at(2), at(10)
    eventually(lambda: answer(four, "four.test") == "10.1.2.3\n", "an answer")
    for server_at in (four, six):
        assert answer(server_at, "four.test") == "10.1.2.3\n"
        assert answer(server_at, "AAAA", "six.test") == "fd00::7\n"
        long = answer(server_at, "+bufsize=512", "TXT", "long.test")
        assert long.count("x" * 200) == 12, long
    stop(server)


def http2(r):
    """Many transfers on one connection, with TLS."""
    r.need("nginx", "curl", "openssl")
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-keyout", r.w.path("key"), "-out", r.w.path("cert"), "-subj",
         f"/CN={r.host}", "-addext", f"subjectAltName=DNS:{r.host}"],
        capture_output=True, timeout=LIMIT_S, check=False)
    assert made.returncode == 0, made.stderr
    os.chmod(r.w.folder, 0o755)
    for k in range(8):
        r.file(f"www/file{k}", 100000)
    r.file("www/big", 500000 if r.hosts else 20000000)
    server = r.server("nginx", "-c", r.w.write("nginx.conf", HTTP2.format(
        dir=r.w.folder, port=PORT, user=root_as("user nobody nogroup;"))))
    r.answers(PORT)
    url = f"https://{r.host}:{PORT}"
    for family in ("-4", "-6"):
        code, out, err = r.call(
            "curl", family, "-sS", "-f", "--http2", "--cacert", r.w.path("cert"), "-Z", "-w",
            "%{http_version} %{num_connects}\n", "-o", "got#1", url + "/file[0-7]", "-o",
            "big", url + "/big")
        assert code == 0, err
        assert {line.split()[0] for line in out.split(b"\n") if line} == {b"2"}, out
        for k in range(8):
            assert same(r.w.path(f"got{k}"), r.w.path(f"www/file{k}")), k
        assert same(r.w.path("big"), r.w.path("www/big"))
    stop(server)


def nmap(r):
    """What a scanner sees by connect(), and by packets of its own making (root)."""
    r.need("nmap")
    server = r.server(r.w.python, "-m", "http.server", PORT)
    r.answers(PORT)
    ports = f"{PORT},{PORT + 1}"
    for how in ("-sT", *(["-sS"] if os.geteuid() == 0 else [])):
        code, out, err = r.call("nmap", how, "-n", "-Pn", "-p", ports, "-oG", "-", "127.0.0.1")
        assert code == 0, err
        assert f"{PORT}/open/tcp".encode() in out, (how, out)
        assert f"{PORT + 1}/closed/tcp".encode() in out, (how, out)
    stop(server)


main((rsync, git, dns, http2), (nmap,))
