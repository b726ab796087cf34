/* Receives broadcasts: any socket that is bound to every address does; no option is
 * needed to hear. Several programs may hear the same one if each sets SO_REUSEADDR
 * before bind(); each gets a copy of its own.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/mensajes.h"

#include <netinet/in.h>

static const struct programa programa = { .forma = "puerto",
	.es = "Recibe los mensajes enviados por difusión.",
	.en = "Receives messages that were broadcast.",
	.min = 1, .max = 1 };

int main(int argc, char **argv)
{
	struct sockaddr_in dir = { .sin_family = AF_INET };
	int s, si = 1;

	comienza(argc, argv, &programa);
	dir.sin_addr.s_addr = htonl(INADDR_ANY);
	dir.sin_port = htons((uint16_t)numero(argv[1], 0, 65535, "puerto"));
	s = socket(AF_INET, SOCK_DGRAM, 0);
	if (s < 0)
		muere_errno("socket");
	if (setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &si, sizeof(si)) < 0)
		muere_errno("SO_REUSEADDR");
	if (bind(s, (struct sockaddr *)&dir, sizeof(dir)) < 0)
		muere_errno("bind");
	paso("recvfrom");
	recibe_mensajes(s);
}
