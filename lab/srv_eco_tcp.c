/* TCP echo server, sequential, of whatever family the address has: getaddrinfo()
 * with AI_PASSIVE and AF_UNSPEC chooses, socket(), bind() and listen() do as it
 * says.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/eco.h"

#include <unistd.h>

static const struct programa programa = { .forma = "[direccion] puerto",
	.es = "Devuelve a cada cliente lo que envía.",
	.en = "Sends back what each client sends.",
	.min = 1, .max = 2 };

int main(int argc, char **argv)
{
	struct sockaddr_storage addr;
	socklen_t addrlen;
	int sd;

	argc = comienza(argc, argv, &programa);
	sd = asocia(argc == 3 ? argv[1] : NULL, argv[argc - 1], SOCK_STREAM);
	if (listen(sd, 5) < 0)
		muere_errno("listen");
	for (;;) {
		int clisd = acepta(sd, &addr, &addrlen);

		eco_saluda(&addr, addrlen);
		eco_flujo(clisd);
		close(clisd);
	}
}
