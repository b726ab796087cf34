/* TCP echo server, pre-fork: processes made beforehand all call accept() on one socket.
 * Concurrent by connection; more clients than workers wait in listen()'s queue.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/concurrencia.h"
#include "comun/eco.h"

static void trabaja(int sd)
{
	acepta_y_sirve(sd, eco_cliente);
}

static const struct programa programa = { .forma = "puerto [trabajadores]",
	.es = "Devuelve a cada cliente lo que envía, con procesos ya creados.",
	.en = "Sends back what each client sends, by processes made beforehand.",
	.min = 1, .max = 2 };

int main(int argc, char **argv)
{
	int sd, n;

	argc = comienza(argc, argv, &programa);
	n = argc > 2 ? (int)numero(argv[2], 1, TRABAJADORES_MAX,
			       "trabajadores") : TRABAJADORES;
	sd = asocia(NULL, argv[1], SOCK_STREAM);
	if (listen(sd, SOMAXCONN) < 0)
		muere_errno("listen");
	procesos_trabajadores(n, sd, trabaja);
}
