"""When a connection is made: what happens to a client that calls before the server
listens, or before it accepts. SPDX-License-Identifier: BSD-2-Clause"""

import time

from experiment import experiment

WAIT_S = 0.5  # how long we look at somebody who must wait


@experiment("acepta conecta")
def connect_before_listen(s):
    server = s.start("acepta", s.port, 2, "--paso").at("bind").step().at("listen")
    early = s.connects()
    s.sees(early.wait() == 1 and "connect: Connection refused" in early.errors,
           "antes de listen, connect falla: «Connection refused» (ECONNREFUSED)",
           "before listen, connect fails: \"Connection refused\" (ECONNREFUSED)")
    server.step().at("accept")
    s.sees(s.connects().wait() == 0,
           "después de listen, el mismo connect tiene éxito",
           "after listen, the same connect succeeds")


@experiment("acepta conecta")
def connect_before_accept(s):
    server = s.listening("acepta", 2)
    client = s.connects()
    s.sees(client.wait() == 0, "el cliente termina bien, con status 0",
           "the client ends well, with status 0")
    s.sees(server.output == b"", "el servidor no ha ejecutado todavía accept",
           "the server has not called accept yet")
    server.step()
    s.said(server, "127.0.0.1:")
    s.sees(True, "el accept de después obtiene la conexión de un cliente que ya se fue",
           "the accept that follows gets the connection of a client that has gone")


@experiment("acepta conecta")
def listen_2(s):
    server = s.listening("acepta", 2)
    for number in (1, 2, 3):
        s.sees(s.connects().wait() == 0, f"el cliente {number} termina bien",
               f"client {number} ends well")
    fourth = s.connects()
    time.sleep(WAIT_S)
    s.sees(fourth.process.poll() is None, "el cliente 4 se queda bloqueado en connect",
           "client 4 stays blocked in connect")
    server.go_on()
    s.sees(fourth.wait() == 0, "cuando el servidor acepta, el cliente 4 termina bien",
           "when the server accepts, client 4 ends well")
    s.said(server, "127.0.0.1:", 4)
    s.sees(True, "el servidor acepta las cuatro conexiones",
           "the server accepts all four connections")
