"""iperf3, socat and both netcats. SPDX-License-Identifier: BSD-2-Clause"""

import hashlib
import random
import signal

from enchufe import ends, eventually
from real import PORT, main, stop


def measured(r, *more):
    """One run of the client. The server ends its run after the client has ended, and
    answers that it is busy until then."""
    def run():
        result = r.call("iperf3", "-c", r.host, "-p", PORT, *more)
        return b"server is busy" not in result[2] and result
    return eventually(run, "a server that is free")


def iperf3(r):
    r.need("iperf3")
    server = r.server("iperf3", "-s", "-p", PORT)
    r.listens("iperf3")
    for more in (["-n", "500K"], ["-n", "500K", "-R"], ["-n", "500K", "-P", "4"],
                 ["-t", "1", "--bidir"], ["-n", "200K", "-u", "-b", "5M"]):
        code, out, err = measured(r, *more)
        assert code == 0 and b"receiver" in out, (more, out[-300:], err)
    stop(server, signal.SIGINT)


def nc_and_socat(r):
    r.need("nc", "socat")
    data = random.Random(3).randbytes(300000)
    inetd = r.server("socat", f"TCP-LISTEN:{PORT},fork,reuseaddr", "EXEC:cat")
    udp = r.server("socat", f"UDP4-RECVFROM:{PORT},fork", "EXEC:cat")
    r.answers(PORT)
    assert r.call("nc", "-N", r.host, PORT, data=data)[1] == data
    assert r.call("socat", "-t", 10, "-", f"TCP:{r.host}:{PORT}", data=data)[1] == data
    # A datagram may be lost on the way, and nothing asks for it again.
    eventually(lambda: r.call("socat", "-t", 1, "-", f"UDP4:{r.host}:{PORT}",
                              data=b"hola")[1] == b"hola", "an echoed datagram")
    stop(inetd)
    stop(udp)
    sink = r.server("nc", "-l", PORT + 1)
    r.listens("nc")
    assert r.call("nc", "-N", r.host, PORT + 1, data=b"a line\n")[0] == 0
    assert ends(sink)[:2] == (0, "a line\n")


def netcats(r):
    """Either kind listens, either calls, and -e gives the socket to a program."""
    r.need("nc.traditional", "nc.openbsd")
    data = random.Random(4).randbytes(50000)  # less than a pipe holds
    for k, (listen, call) in enumerate(((["nc.openbsd", "-l"], ["nc.traditional", "-q", 1]),
                                        (["nc.traditional", "-l", "-p"],
                                         ["nc.openbsd", "-N"]))):
        sink = r.server(*listen, PORT + k, text=False)
        r.listens("nc")
        code, _, err = r.call(*call, r.host, PORT + k, data=data)
        assert code == 0, err
        assert ends(sink)[:2] == (0, data), k
    server = r.server("nc.traditional", "-l", "-p", PORT + 2, "-e", "/bin/cat")
    r.listens("nc")
    assert r.call("nc.openbsd", "-N", r.host, PORT + 2, data=data)[1] == data
    assert ends(server)[0] == 0
    code, _, err = r.call("nc.openbsd", "-zv", r.host, PORT + 3)
    assert code == 1 and b"refused" in err, err
    code, _, err = r.call("nc.traditional", "-zv", r.host, PORT + 3)
    assert code == 1 and b"refused" in err, err


def socat_of_both_families(r):
    """Version 6, a listener for datagrams, relays in a row, shutdown passed on."""
    r.need("socat")
    data = random.Random(5).randbytes(150000)
    # PORT, version 6 -> PORT + 1, version 4 -> a program's standard input and output.
    last = r.server("socat", f"TCP4-LISTEN:{PORT + 1},fork,reuseaddr", "EXEC:sha256sum")
    relay = r.server("socat", f"TCP6-LISTEN:{PORT},fork,reuseaddr,ipv6only",
                     f"TCP4:127.0.0.1:{PORT + 1}")
    udp = r.server("socat", "-T", 0.5, f"UDP6-LISTEN:{PORT},fork", "EXEC:cat")
    r.answers(PORT)
    r.answers(PORT + 1)
    told = hashlib.sha256(data).hexdigest().encode() + b"  -\n"
    host = r.host if r.hosts else "[::1]"
    for _ in range(3):
        code, out, err = r.call("socat", "-t", 10, "-", f"TCP6:{host}:{PORT}", data=data)
        assert (code, out) == (0, told), (out, err)
    eventually(lambda: r.call("socat", "-t", 1, "-", f"UDP6:{host}:{PORT}",
                              data=b"hola\n")[1] == b"hola\n", "an echoed datagram")
    for p in (last, relay, udp):
        stop(p)


main((iperf3, nc_and_socat, netcats, socat_of_both_families))
