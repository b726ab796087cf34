/* TCP echo server, accept-and-fork: a process made for each client when it comes.
 * Concurrent by connection.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/concurrencia.h"
#include "comun/eco.h"

static const struct programa programa = { .forma = "puerto",
	.es = "Devuelve a cada cliente lo que envía, un proceso por cliente.",
	.en = "Sends back what each client sends, a process for each.",
	.min = 1, .max = 1 };

int main(int argc, char **argv)
{
	int sd;

	comienza(argc, argv, &programa);
	sd = asocia(NULL, argv[1], SOCK_STREAM);
	if (listen(sd, SOMAXCONN) < 0)
		muere_errno("listen");
	acepta_y_crea_procesos(sd, eco_cliente);
}
