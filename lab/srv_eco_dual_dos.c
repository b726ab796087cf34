/* TCP echo server for IPv4 and IPv6 by two sockets: IPV6_V6ONLY keeps the IPv6 one
 * from taking the port of both (without it the second bind() is EADDRINUSE). Each
 * client is seen with an address of its own family. accept() waits for one socket
 * only, so poll() waits for both.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/eco.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>

static const struct programa programa = { .forma = "puerto",
	.es = "Eco para clientes IPv4 e IPv6 con dos sockets.",
	.en = "Echo for IPv4 and IPv6 clients by two sockets.",
	.min = 1, .max = 1 };

static void acepta_de(int s)
{
	struct sockaddr_storage dir;
	socklen_t tam_dir;
	int s_conec = acepta(s, &dir, &tam_dir);

	/* -1: the client that poll() told of has gone again. */
	if (s_conec >= 0)
		eco_cliente(s_conec);
}

int main(int argc, char **argv)
{
	struct pollfd p[2];

	comienza(argc, argv, &programa);
	p[0] = (struct pollfd){ escucha_ipv6(argv[1], 5, 1), POLLIN, 0 };
	p[1] = (struct pollfd){ escucha(argv[1], 5), POLLIN, 0 };
	for (int i = 0; i < 2; i++)
		if (fcntl(p[i].fd, F_SETFL, O_NONBLOCK) < 0)
			muere_errno("fcntl");
	for (;;) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			muere_errno("poll");
		for (int i = 0; i < 2; i++)
			if (p[i].revents)
				acepta_de(p[i].fd);
	}
}
