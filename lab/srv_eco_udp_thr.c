/* UDP echo server, concurrent: threads that all call recvfrom() on one socket.
 * Concurrent by message: two of one client may be answered by two workers, and out
 * of their order.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/concurrencia.h"
#include "comun/eco.h"

static const struct programa programa = { .forma = "puerto [trabajadores]",
	.es = "Devuelve cada datagrama, con varios threads en un socket.",
	.en = "Sends back each datagram, by several threads on one socket.",
	.min = 1, .max = 2 };

int main(int argc, char **argv)
{
	int n;

	argc = comienza(argc, argv, &programa);
	n = argc > 2 ? (int)numero(argv[2], 1, TRABAJADORES_MAX,
			       "trabajadores") : TRABAJADORES;
	threads_trabajadores(n, asocia(NULL, argv[1], SOCK_DGRAM),
		eco_datagramas);
}
