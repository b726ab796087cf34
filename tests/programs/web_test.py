"""nginx, curl, wget, apache2, lighttpd and haproxy. SPDX-License-Identifier: BSD-2-Clause"""

import os
import signal

from enchufe import ends, eventually
from real import PORT, children, contents, main, same, stop

NGINX = """daemon {daemon};
worker_processes 2;
{user}
pid {dir}/nginx.pid;
error_log {dir}/error.log;
events {{ worker_connections 64; }}
http {{
	sendfile on;
	access_log {dir}/access.log;
	client_body_temp_path {dir}/body;
	proxy_temp_path {dir}/proxy;
	fastcgi_temp_path {dir}/fastcgi;
	uwsgi_temp_path {dir}/uwsgi;
	scgi_temp_path {dir}/scgi;
	client_max_body_size 50m;
	server {{
		listen {port};
		listen [::]:{port};
		root {dir}/www;
		location /put/ {{ dav_methods PUT; }}
	}}
}}
"""

APACHE = """ServerRoot {dir}
ServerName server
LoadModule mpm_{mpm}_module /usr/lib/apache2/modules/mod_mpm_{mpm}.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule alias_module /usr/lib/apache2/modules/mod_alias.so
LoadModule {cgi}_module /usr/lib/apache2/modules/mod_{cgi}.so
User nobody
Group nogroup
Listen {port}
PidFile {dir}/apache.pid
ErrorLog {dir}/error.log
DefaultRuntimeDir {dir}
<IfModule cgid_module>
ScriptSock {dir}/cgid
</IfModule>
DocumentRoot {dir}/www
ScriptAlias /echo {dir}/echo.cgi
StartServers 2
GracefulShutdownTimeout 20
"""
LIGHTTPD = """server.document-root = "{dir}/www"
server.port = {port}
server.errorlog = "{dir}/error.log"
server.upload-dirs = ("{dir}")
server.max-worker = 2
server.modules = ("mod_cgi")
cgi.assign = (".cgi" => "/bin/sh")
"""
HAPROXY = """global
	nbthread 3
	stats socket {dir}/admin.sock level admin expose-fd listeners
defaults
	timeout connect 60s
	timeout client 120s
	timeout server 120s
	timeout check 60s
frontend stream
	mode tcp
	bind :{tcp}
	bind [::]:{tcp} v6only
	default_backend plain
frontend web
	mode http
	bind :{http}
	bind [::]:{http} v6only
	http-response set-header x-through haproxy
	default_backend pages
backend plain
	mode tcp
	server one 127.0.0.1:{port}
backend pages
	mode http
	balance roundrobin
	server one 127.0.0.1:{port} check inter 500
	server two [::1]:{port} check inter 500
"""


def site(r, daemon):
    """A folder with a site and nginx's configuration for it."""
    os.chmod(r.w.folder, 0o755)
    size = 1 if r.hosts else 20
    r.file("www/big", size * 1000000)
    r.file("www/long", 5000000)
    for k in range(6):
        r.file(f"www/small{k}", 50000)
    os.makedirs(r.w.path("www/put"))
    os.chmod(r.w.path("www/put"), 0o777)
    r.w.write("www/index.html", "".join(f'<a href="small{k}">x</a>' for k in range(6)))
    user = "user nobody nogroup;" if os.geteuid() == 0 else ""
    return r.w.write("nginx.conf", NGINX.format(
        dir=r.w.folder, port=PORT, daemon=daemon, user=user))


def nginx_and_curl(r):
    r.need("nginx", "curl")
    nginx = r.server("nginx", "-c", site(r, "off"))
    r.answers(PORT)
    url = f"http://{r.host}:{PORT}"
    for family in ("-4", "-6"):
        code, _, err = r.call("curl", family, "-sS", "-f", "-o", "got", url + "/big")
        assert code == 0 and same(r.w.path("got"), r.w.path("www/big")), err
    code, out, err = r.call("curl", "-sS", "-v", url + "/small1", url + "/small2")
    assert code == 0 and b"Re-using existing connection" in err and len(out) == 100000, err
    code, _, err = r.call("curl", "-sS", "-f", "-Z", "-o", "par#1", url + "/small[0-5]")
    assert code == 0, err
    for k in range(6):
        assert same(r.w.path(f"par{k}"), r.w.path(f"www/small{k}")), k
    code, _, err = r.call("curl", "-sS", "-f", "-T", r.w.path("www/big"), url + "/put/big")
    assert code == 0 and same(r.w.path("www/put/big"), r.w.path("www/big")), err
    # A new pair of workers takes over; the old one ends its transfer first.
    slow = r.client("curl", "-sS", "-f", "--limit-rate", "200k", "-o", "slow",
                    url + "/small0", "-o", "slow2", url + "/small3")
    nginx.send_signal(signal.SIGHUP)
    assert ends(slow)[0] == 0 and same(r.w.path("slow2"), r.w.path("www/small3"))
    code, out, err = r.call("curl", "-sS", "-f", url + "/small4")
    assert code == 0 and len(out) == 50000, err
    assert stop(nginx, signal.SIGQUIT)[0] == 0
    with open(r.w.path("access.log"), encoding="utf-8") as f:
        assert '"PUT /put/big HTTP/1.1" 201' in f.read()


def nginx_daemon(r):
    r.need("nginx", "curl")
    conf = site(r, "on")
    code, _, err = r.call("nginx", "-c", conf, side="server")
    assert code == 0, err
    r.answers(PORT)
    code, out, err = r.call("curl", "-sS", "-f", f"http://{r.host}:{PORT}/small1")
    assert code == 0 and len(out) == 50000, err
    code, _, err = r.call("nginx", "-c", conf, "-s", "stop", side="server")
    assert code == 0, err
    eventually(lambda: not os.path.exists(r.w.path("nginx.pid")), "nginx ends")


def wget_recursive(r):
    r.need("wget")
    site(r, "off")
    server = r.server(r.w.python, "-m", "http.server", PORT, "--directory", r.w.path("www"))
    r.answers(PORT)
    code, _, err = r.call("wget", "-q", "-r", "-nH", "-P", "got", f"http://{r.host}:{PORT}/")
    assert code == 0, err
    for k in range(6):
        assert same(r.w.path(f"got/small{k}"), r.w.path(f"www/small{k}")), k
    stop(server)


def downloads(r, url, n):
    """So many curls on their way: each has its first bytes, and what is to come
    does not fit into the buffers."""
    going = []
    for k in range(n):
        got = r.w.path(f"going{k}")
        if os.path.exists(got):
            os.remove(got)
        going.append(r.client("curl", "-sS", "-f", "--limit-rate", "4M", "-o", got,
                              url + "/long"))
    for k in range(n):
        eventually(lambda: os.path.exists(r.w.path(f"going{k}")), f"bytes for {k}")
    return going


def arrived(r, going):
    for k, p in enumerate(going):
        code, _, err = ends(p)
        assert code == 0, err
        assert same(r.w.path(f"going{k}"), r.w.path("www/long")), k


def fetched(r, url, name="small1"):
    code, _, err = r.call("curl", "-sS", "-f", "-o", "one", f"{url}/{name}")
    assert code == 0, err
    assert same(r.w.path("one"), r.w.path(f"www/{name}")), name


def nginx_reloads(r):
    """Workers come and go under downloads; the last ones end theirs first."""
    r.need("nginx", "curl")
    nginx = r.server("nginx", "-c", site(r, "off"))
    r.answers(PORT)
    url = f"http://{r.host}:{PORT}"
    for _ in range(3):
        before = children(nginx.pid)
        going = downloads(r, url, 4)
        nginx.send_signal(signal.SIGHUP)
        eventually(lambda: len(children(nginx.pid) - before) == 2, "new workers")
        fetched(r, url)
        arrived(r, going)
        eventually(lambda: not children(nginx.pid) & before, "the old workers leave")
    going = downloads(r, url, 4)
    nginx.send_signal(signal.SIGQUIT)
    arrived(r, going)
    assert ends(nginx)[0] == 0
    assert r.call("curl", "-sS", "-f", url + "/small1")[0] == 7, "still there"


def apache(r, mpm):
    r.need("/usr/sbin/apache2", "curl")
    site(r, "off")
    cgi = r.w.write("echo.cgi", "#!/bin/sh\nprintf 'Content-Type: x/y\\r\\n\\r\\n'; cat\n")
    os.chmod(cgi, 0o755)
    conf = r.w.write("apache.conf", APACHE.format(
        dir=r.w.folder, port=PORT, mpm=mpm, cgi="cgi" if mpm == "prefork" else "cgid"))
    server = r.server("/usr/sbin/apache2", "-f", conf, "-DFOREGROUND")
    r.answers(PORT)
    url = f"http://{r.host}:{PORT}"
    for family in ("-4", "-6"):
        code, _, err = r.call("curl", family, "-sS", "-f", "-o", "got", url + "/big")
        assert code == 0 and same(r.w.path("got"), r.w.path("www/big")), err
    code, out, err = r.call("curl", "-sS", "-v", url + "/small1", url + "/small2")
    assert code == 0 and b"Re-using existing connection" in err and len(out) == 100000, err
    code, _, err = r.call("curl", "-sS", "-f", "-Z", "-o", "par#1", url + "/small[0-5]")
    assert code == 0, err
    for k in range(6):
        assert same(r.w.path(f"par{k}"), r.w.path(f"www/small{k}")), k
    code, out, err = r.call("curl", "-sS", "-f", "--data-binary", "@" + r.w.path("www/small3"),
                            url + "/echo")
    assert code == 0 and out == contents(r.w.path("www/small3")), err
    going = downloads(r, url, 4)
    server.send_signal(signal.SIGUSR1)
    arrived(r, going)
    fetched(r, url)
    going = downloads(r, url, 2)
    server.send_signal(signal.SIGWINCH)
    arrived(r, going)
    assert ends(server)[0] == 0


def apache_prefork(r):
    apache(r, "prefork")


def apache_event(r):
    apache(r, "event")


def lighttpd(r):
    """Two workers with one listener; ranges, kept connections, and a program behind it
    that answers with what it was given."""
    r.need("lighttpd", "curl")
    site(r, "off")
    r.w.write("www/echo.cgi", "printf 'Content-Type: x/y\\r\\n\\r\\n'; cat\n")
    conf = r.w.write("lighttpd.conf", LIGHTTPD.format(dir=r.w.folder, port=PORT))
    server = r.server("lighttpd", "-D", "-f", conf)
    r.answers(PORT)
    url = f"http://{r.host}:{PORT}"
    fetched(r, url, "big")
    code, out, err = r.call("curl", "-sS", "-f", "-r", "1000-2999", url + "/big")
    assert code == 0 and out == contents(r.w.path("www/big"))[1000:3000], err
    code, out, err = r.call("curl", "-sS", "-v", url + "/small1", url + "/small2")
    assert code == 0 and b"Re-using existing connection" in err and len(out) == 100000, err
    code, out, err = r.call("curl", "-sS", "-f", "--data-binary", "@" + r.w.path("www/small3"),
                            url + "/echo.cgi")
    assert code == 0 and out == contents(r.w.path("www/small3")), err
    assert stop(server)[0] == 0


def haproxy(r):
    """As TCP and HTTP proxy with several threads; another process takes over by
    -sf, and the workers of a master are renewed."""
    r.need("haproxy", "nginx", "curl")
    nginx = r.server("nginx", "-c", site(r, "off"))
    r.answers(PORT)
    conf = r.w.write("haproxy.cfg", HAPROXY.format(
        dir=r.w.folder, port=PORT, tcp=PORT + 1, http=PORT + 2))
    first = r.server("haproxy", "-f", conf)
    r.answers(PORT + 2)
    tcp, http = (f"http://{r.host}:{PORT + k}" for k in (1, 2))
    fetched(r, tcp, "big")
    fetched(r, http, "big")
    for url in (tcp, http):
        code, out, err = r.call("curl", "-sS", "-6", "-D", "-", "-o", "x", url + "/small1")
        assert code == 0 and (b"x-through: haproxy" in out) == (url == http), (out, err)
    code, _, err = r.call("curl", "-sS", "-f", "-Z", "-o", "par#1", http + "/small[0-5]")
    assert code == 0, err
    for k in range(6):
        assert same(r.w.path(f"par{k}"), r.w.path(f"www/small{k}")), k
    going = downloads(r, http, 3)
    second = r.server("haproxy", "-W", "-f", conf, "-sf", first.pid)
    arrived(r, going)
    assert ends(first)[0] == 0
    fetched(r, http)
    eventually(lambda: children(second.pid), "a worker")
    for _ in range(2):
        before = children(second.pid)
        going = downloads(r, tcp, 3)
        second.send_signal(signal.SIGUSR2)
        arrived(r, going)
        eventually(lambda: children(second.pid) and not children(second.pid) & before,
                   "the old worker leaves")
        fetched(r, http)
    stop(second)
    assert r.call("curl", "-sS", "-f", http + "/small1")[0] == 7, "still there"
    stop(nginx)


main((nginx_and_curl, nginx_daemon, nginx_reloads, wget_recursive),
     (apache_prefork, apache_event, lighttpd, haproxy))
