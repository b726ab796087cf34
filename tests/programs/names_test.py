"""Names: hosts of the network, their aliases, and DNS by a server on a virtual
host, as unmodified programs find them. SPDX-License-Identifier: BSD-2-Clause"""

import os
import shutil

import tap
from enchufe import each_in_a_world, ends

NETWORK = """network: names
hosts:
  client: {resolver: [ns], search: [example.test]}
  alone: {}
  server: {aliases: [www.example.org]}
  ns: {}
links:
  - switch: [client, alone, server, ns]
"""
LOOK_UP = """
import socket, sys
family = {"4": socket.AF_INET, "6": socket.AF_INET6}.get(sys.argv[2], 0)
flags = sum(getattr(socket, f) for f in sys.argv[3:])
try:
    found = socket.getaddrinfo(sys.argv[1], 80, family, socket.SOCK_STREAM, 0, flags)
    print(*[f[4][0] for f in found])
    print(*[f[3] for f in found if f[3]])
except socket.gaierror as e:
    print({v: k for k, v in vars(socket).items() if k.startswith("EAI_")}[e.errno])
"""
NODE = """
const dns = require('dns');
dns.resolve4('deep.example.test', (e, a) => { console.log(e ? e.code : a[0]);
dns.resolve4('large.example.test', (e, a) => { console.log(e ? e.code : a.length);
dns.reverse('10.9.8.7', (e, a) => { console.log(e ? e.code : a[0]);
dns.lookup('server', {family: 4}, (e, a) => { console.log(e ? e.code : a);
dns.resolve4('no.example.test', (e, a) => console.log(e ? e.code : a)); }); }); }); });
"""
JAVA = """
import java.net.*;
class Names {
    public static void main(String[] a) throws Exception {
        for (String n : new String[] { "server", "www.example.org", "deep.example.test",
                "no.example.test" })
            try {
                System.out.println(Inet4Address.getByName(n).getHostAddress());
            } catch (UnknownHostException e) {
                System.out.println("unknown");
            }
        System.out.println(InetAddress.getByAddress(new byte[] { 10, 0, 0, 3 })
            .getHostName());
        System.out.println(InetAddress.getLocalHost().getHostName());
    }
}
"""
HTTP = """
import http.server, sys
class Say(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(self.headers["Host"].encode())
    def log_message(self, *_): pass
server = http.server.HTTPServer(("", 80), Say); print("ready", flush=True); server.serve_forever()
"""


def look_up(w, host, name, family="4", *flags, **more):
    status, out, err = ends(w.python_on(host, LOOK_UP, name, family, *flags, **more))
    assert status == 0, err
    return out.splitlines() + [""]


def start_dns(w):
    here = os.path.dirname(os.path.abspath(__file__))
    server = w.start("run", "--on", "ns", "--", w.python, os.path.join(here, "dns_server.py"))
    assert server.stdout.readline() == "ready\n", server.stderr.read()
    return server


def hosts_and_aliases(w):
    w.up(NETWORK)
    assert look_up(w, "client", "server")[0] == "10.0.0.3"
    assert look_up(w, "client", "server", "6")[0] == "fd00::3"
    assert look_up(w, "client", "server", "")[0] == "fd00::3 10.0.0.3"
    assert look_up(w, "client", "WWW.example.org", "4", "AI_CANONNAME")[:2] == \
        ["10.0.0.3", "server"]
    assert look_up(w, "server", "localhost")[0].split()[0] == "127.0.0.1"
    status, out, _ = ends(w.python_on("alone", "import socket; print(socket.gethostname(), "
                                      "socket.gethostbyname(socket.gethostname()), "
                                      "*socket.gethostbyaddr('10.0.0.3'), "
                                      "socket.getfqdn('10.0.0.1'))"))
    assert (status, out) == (0, "alone 10.0.0.2 server ['www.example.org'] ['10.0.0.3'] "
                             "client\n"), out


def nobody_to_ask_is_said_at_once(w):
    w.up(NETWORK)
    assert look_up(w, "alone", "deep.example.test")[0] == "EAI_AGAIN"
    # As a machine does: without a name server it asks one on itself.
    with open("/etc/resolv.conf", encoding="utf-8") as f:
        real = [line.split()[1] for line in f if line.startswith("nameserver")]
    status, out, _ = ends(w.python_on("alone", "print(open('/etc/resolv.conf').read())"))
    assert status == 0 and not any(r in out for r in real), (real, out)
    status, out, _ = ends(w.python_on("client", "print(open('/etc/resolv.conf').read())"))
    assert out.split() == ["nameserver", "10.0.0.4", "search", "example.test"], out


def a_server_on_a_virtual_host_is_asked(w):
    w.up(NETWORK)
    server = start_dns(w)
    assert look_up(w, "client", "deep.example.test")[0] == "10.9.8.7"
    assert look_up(w, "client", "deep", "6")[0] == "fd99::7"
    assert look_up(w, "client", "no.example.test")[0] == "EAI_NONAME"
    many = look_up(w, "client", "large.example.test")[0].split()
    assert len(many) == 60 and many[59] == "10.1.2.60", many
    status, out, _ = ends(w.python_on("client", "import socket; "
                                      "print(socket.gethostbyaddr('10.9.8.7')[0])"))
    assert (status, out) == (0, "deep.example.test\n"), out
    server.kill()
    asked = server.stdout.read()
    assert "udp large.example.test A\ntcp large.example.test A" in asked, asked


def only_the_hosts_addresses_count(w):
    w.up("hosts: {alone: {}, a: {}, b: {}}\nlinks:\n- between: [a, b]\n"
         "  addresses: {a: [10.0.0.1/24], b: [10.0.0.2/24, 'fd00::2/64']}\n")
    # Loopback addresses do not count, link-local ones do (glibc).
    assert look_up(w, "alone", "b", "4", "AI_ADDRCONFIG")[0] == "EAI_NONAME"
    assert look_up(w, "a", "b", "", "AI_ADDRCONFIG")[0].split() == ["10.0.0.2", "fd00::2"]
    assert look_up(w, "b", "b", "", "AI_ADDRCONFIG")[0].split() == ["fd00::2", "10.0.0.2"]


def default_network_knows_itself(w):
    status, out, err = ends(w.python_on(None, "import socket; n = socket.gethostname(); "
                                        "print(n == open('/proc/sys/kernel/hostname')"
                                        ".read().strip(), socket.gethostbyname(n))"))
    assert (status, out) == (0, "True 127.0.1.1\n"), (out, err)


def libc_left_as_it_is_finds_hosts(w):
    w.up(NETWORK)
    w.env["ENCHUFE_NO_PATCH"] = "1"
    assert look_up(w, "client", "server")[0] == "10.0.0.3"
    assert look_up(w, "client", "www.example.org", "", "AI_CANONNAME")[1] == "server"


def libc_left_as_it_is_asks_by_c_ares(w):
    w.env["ENCHUFE_NO_PATCH"] = "1"
    a_server_on_a_virtual_host_is_asked(w)
    start_dns(w)
    for call, want in (
            ("socket.gethostbyname('deep')", "10.9.8.7"),
            ("socket.gethostbyname_ex('server')[2]", "['10.0.0.3']"),
            ("socket.gethostbyaddr('10.0.0.3')[0]", "server"),
            ("socket.getnameinfo(('10.9.8.7', 80), socket.NI_NUMERICSERV)",
             "('deep.example.test', '80')"),
            ("socket.getnameinfo(('10.0.0.2', 80), 0)", "('alone', 'http')"),
            ("socket.getnameinfo(('10.9.8.6', 80), 0)", "('10.9.8.6', 'http')")):
        status, out, err = ends(w.python_on("client", f"import socket; print({call})"))
        assert (status, out) == (0, want + "\n"), (call, out, err)


def curl_by_name(w):
    if not shutil.which("curl"):
        raise tap.Skip("there is no curl")
    w.up(NETWORK)
    start_dns(w)
    server = w.python_on("server", HTTP)
    assert server.stdout.readline() == "ready\n"
    for name in ("server", "www.example.org"):
        done = w.call("run", "--on", "client", "--", "curl", "-s", "-m", "20",
                      f"http://{name}/")
        assert done.stdout == name, done
    done = w.call("run", "--on", "client", "--", "curl", "-s", "-m", "20",
                  "http://no.example.test/")
    assert done.returncode == 6, done


def node_by_name(w):
    if not shutil.which("node"):
        raise tap.Skip("there is no node")
    w.up(NETWORK)
    start_dns(w)
    done = w.call("run", "--on", "client", "--", "node", "-e", NODE)
    assert done.stdout.split() == ["10.9.8.7", "60", "deep.example.test", "10.0.0.3",
                                   "ENOTFOUND"], done


def java_by_name(w):
    if not shutil.which("java") or not shutil.which("javac"):
        raise tap.Skip("there is no java")
    w.up(NETWORK)
    start_dns(w)
    done = w.call("run", "--on", "client", "--", "java", w.write("Names.java", JAVA))
    assert done.stdout.split() == ["10.0.0.3", "10.0.0.3", "10.9.8.7", "unknown", "server",
                                   "client"], done


each_in_a_world(hosts_and_aliases, nobody_to_ask_is_said_at_once,
                a_server_on_a_virtual_host_is_asked, only_the_hosts_addresses_count,
                default_network_knows_itself, libc_left_as_it_is_finds_hosts,
                libc_left_as_it_is_asks_by_c_ares, curl_by_name, node_by_name,
                java_by_name)
