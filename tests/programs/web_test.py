"""nginx, curl and wget. SPDX-License-Identifier: BSD-2-Clause"""

import os
import signal

from enchufe import ends, eventually
from real import PORT, main, same, stop

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


def site(r, daemon):
    """A folder with a site and nginx's configuration for it."""
    os.chmod(r.w.folder, 0o755)
    size = 1 if r.hosts else 20
    r.file("www/big", size * 1000000)
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
    slow = r.w.start(*r._on("client", ["curl", "-sS", "-f", "--limit-rate", "200k", "-o",
                                       "slow", url + "/small0", "-o", "slow2",
                                       url + "/small3"]))
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


main((nginx_and_curl, nginx_daemon, wget_recursive))
