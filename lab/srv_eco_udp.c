/* UDP echo server, of whatever family the address has: getaddrinfo() with
 * AI_PASSIVE and AF_UNSPEC chooses. Reads at most 80 bytes of each message; of
 * a longer one the rest is lost, as datagrams have it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun.h"

#include <errno.h>
#include <stdio.h>

static const struct programa programa = { .forma = "[direccion] puerto",
	.es = "Devuelve cada datagrama.",
	.en = "Sends back each datagram.",
	.min = 1, .max = 2 };

int main(int argc, char **argv)
{
	struct sockaddr_storage addr;
	struct nombre nombre;
	socklen_t addrlen;
	char buf[80 + 1];
	int sd;

	argc = comienza(argc, argv, &programa);
	sd = asocia(argc == 3 ? argv[1] : NULL, argv[argc - 1], SOCK_DGRAM);
	for (;;) {
		ssize_t c;

		addrlen = sizeof(addr);
		c = recvfrom(sd, buf, 80, 0, (struct sockaddr *)&addr, &addrlen);
		if (c < 0 && errno == EINTR)
			continue;
		if (c < 0)
			muere_errno("recvfrom");
		buf[c] = '\0';
		nombra(&addr, addrlen, &nombre);
		printf(dice("Mensaje de %s:%s: %s\n",
			"Message of %s:%s: %s\n"), nombre.maquina,
			nombre.puerto, buf);
		if (fflush(stdout) != 0)
			muere_errno("stdout");
		/* One that cannot be answered is not the end of the server. */
		if (sendto(sd, buf, (size_t)c, 0, (struct sockaddr *)&addr,
				addrlen) < 0)
			avisa_errno("sendto");
	}
}
