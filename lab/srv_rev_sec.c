/* Reverse server, sequential: one client at a time; the next waits in the
 * queue of listen().
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

static const struct programa programa = { .forma = "puerto",
	.es = "Servidor que da la vuelta, un cliente tras otro.",
	.en = "Reverse server, one client after the other.",
	.min = 1, .max = 1 };

int main(int argc, char **argv)
{
	struct sockaddr_storage dir_cliente;
	socklen_t tam_dir;
	int s;

	comienza(argc, argv, &programa);
	s = escucha(argv[1], SOMAXCONN);
	for (;;)
		sirve_rev(acepta(s, &dir_cliente, &tam_dir));
}
