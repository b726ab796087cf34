"""openssh: sshd re-executes itself for each caller and gives up its rights.
SPDX-License-Identifier: BSD-2-Clause"""

import os
import pwd
import subprocess

from enchufe import LIMIT_S, ends, eventually
from real import PORT, contents, main, same, stop
import tap

SSHD = "/usr/sbin/sshd"
CONFIG = """Port {port}
HostKey {dir}/host
PidFile none
AuthorizedKeysFile {dir}/key.pub
UsePAM no
StrictModes no
PasswordAuthentication no
Subsystem sftp /usr/lib/openssh/sftp-server
PermitRootLogin yes
"""
FORWARDED = """
import socket
l = socket.create_server(("", {port}))
print("ready")
while True:
    c, _ = l.accept()
    while data := c.recv(65536):
        c.sendall(data[::-1])
    c.close()
"""


class Ssh:
    """A server with keys, and the client's usual arguments."""

    def __init__(self, r):
        r.need(SSHD, "ssh", "sftp", "scp", "ssh-keygen")
        self.r = r
        for key in ("host", "key"):
            made = subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                                   r.w.path(key)], capture_output=True, timeout=LIMIT_S)
            assert made.returncode == 0, made.stderr
        if os.geteuid() == 0:
            # Where sshd's unprivileged half is locked in.
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
            try:
                pwd.getpwnam("sshd")
            except KeyError:
                raise tap.Skip("no user sshd") from None
        self.user = pwd.getpwuid(os.geteuid()).pw_name
        self.options = ["-F", "none", "-i", r.w.path("key"), "-o", "BatchMode=yes",
                        "-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR",
                        "-o", "UserKnownHostsFile=/dev/null"]
        conf = r.w.write("sshd_config", CONFIG.format(port=PORT, dir=r.w.folder))
        self.server = r.server(SSHD, "-D", "-e", "-f", conf)
        r.answers(PORT)

    def call(self, *command, data=None):
        return self.r.call("ssh", *self.options, "-p", PORT,
                           f"{self.user}@{self.r.host}", *command, data=data)

    def stop(self):
        stop(self.server)


def commands(r):
    ssh = Ssh(r)
    code, out, err = ssh.call("echo hola; echo error >&2; exit 7")
    assert (code, out, err) == (7, b"hola\n", b"error\n"), (code, out, err)
    data = contents(r.file("data", 500000))
    code, out, err = ssh.call("cat", data=data)
    assert code == 0 and out == data, err
    # What it starts there is on the virtual host too: it finds sshd.
    probe = ("import socket; print(socket.create_connection(('localhost', "
             f"{PORT}), 9).makefile().readline()[:8])")
    code, out, err = ssh.call(f'{r.w.python} -c "{probe}"')
    assert (code, out) == (0, b"SSH-2.0-\n"), (out, err)
    ssh.stop()


def files(r):
    ssh = Ssh(r)
    there = f"{ssh.user}@{r.host}:{r.w.folder}"
    size = 300000 if r.hosts else 5000000
    r.file("up", size)
    for more in ([], ["-O"]):
        code, _, err = r.call("scp", *more, *ssh.options, "-P", PORT, "up", there + "/down")
        assert code == 0 and same(r.w.path("up"), r.w.path("down")), err
        os.remove(r.w.path("down"))
    batch = r.w.write("batch", f"cd {r.w.folder}\nput up put\nget put got\nrm put\n")
    code, _, err = r.call("sftp", *ssh.options, "-P", PORT, "-b", batch,
                          f"{ssh.user}@{r.host}")
    assert code == 0 and same(r.w.path("up"), r.w.path("got")), err
    assert not os.path.exists(r.w.path("put"))
    ssh.stop()


def forwards(r):
    """-L: a listener of the client's, and a connection of the server's."""
    ssh = Ssh(r)
    echo = r.server(*r.python(FORWARDED.format(port=PORT + 1)))
    assert echo.stdout.readline() == "ready\n", echo.stderr.read()
    client = r.client("ssh", *ssh.options, "-p", PORT, "-N", "-L",
                      f"{PORT + 2}:localhost:{PORT + 1}", "-R",
                      f"{PORT + 3}:localhost:{PORT + 2}", f"{ssh.user}@{r.host}")
    ask = ("import socket, sys\n"
           "s = socket.create_connection(('localhost', int(sys.argv[1])), 20)\n"
           "s.sendall(b'forwarded'); s.shutdown(socket.SHUT_WR)\n"
           "print(s.makefile().read())")
    for side, port in (("client", PORT + 2), ("server", PORT + 3)):
        eventually(lambda: r.call(*r.python(ask, port), side=side)[:2] ==
                   (0, b"dedrawrof\n"), f"an answer through port {port}")
    stop(client)
    stop(echo)
    ssh.stop()


main((commands, files, forwards))
