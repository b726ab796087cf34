/* Reverse server, concurrent: a detached thread for each client.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"
#include "comun/concurrencia.h"

static const struct programa programa = { .forma = "puerto",
	.es = "Servidor que da la vuelta, un thread por cliente.",
	.en = "Reverse server, a thread for each client.",
	.min = 1, .max = 1 };

int main(int argc, char **argv)
{
	comienza(argc, argv, &programa);
	acepta_y_crea_threads(escucha(argv[1], SOMAXCONN), sirve_rev);
}
