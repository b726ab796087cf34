/* UDP echo server, of whatever family the address has: getaddrinfo() with
 * AI_PASSIVE and AF_UNSPEC chooses.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/eco.h"

static const struct programa programa = { .forma = "[direccion] puerto",
	.es = "Devuelve cada datagrama.",
	.en = "Sends back each datagram.",
	.min = 1, .max = 2 };

int main(int argc, char **argv)
{
	argc = comienza(argc, argv, &programa);
	eco_datagramas(asocia(argc == 3 ? argv[1] : NULL, argv[argc - 1],
		SOCK_DGRAM));
}
