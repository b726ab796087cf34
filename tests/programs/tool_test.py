"""iperf3, socat and both netcats. SPDX-License-Identifier: BSD-2-Clause"""

import random
import signal

from enchufe import ends, eventually
from real import PORT, main, stop


def iperf3(r):
    r.need("iperf3")
    server = r.server("iperf3", "-s", "-p", PORT)
    r.listens("iperf3")
    for more in (["-n", "500K"], ["-n", "500K", "-R"], ["-n", "500K", "-P", "4"],
                 ["-t", "1", "--bidir"], ["-n", "200K", "-u", "-b", "5M"]):
        code, out, err = r.call("iperf3", "-c", r.host, "-p", PORT, *more)
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


main((iperf3, nc_and_socat))
