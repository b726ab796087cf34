/* Reverse server, sequential: one client at a time; the next waits in the
 * queue of listen().
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun.h"

int main(int argc, char **argv)
{
	struct sockaddr_storage dir_cliente;
	socklen_t tam_dir;
	int s;

	comienza(argv);
	if (argc != 2)
		muere("uso: srv_rev_sec puerto");
	s = escucha_rev(argv[1]);
	for (;;)
		sirve_rev(acepta(s, &dir_cliente, &tam_dir));
}
