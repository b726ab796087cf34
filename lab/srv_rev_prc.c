/* Reverse server, concurrent: a process for each client.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static const struct programa programa = { .forma = "puerto",
	.es = "Servidor que da la vuelta, un proceso por cliente.",
	.en = "Reverse server, a process for each client.",
	.min = 1, .max = 1 };

int main(int argc, char **argv)
{
	struct sigaction sin_zombis = { .sa_handler = SIG_IGN };
	struct sockaddr_storage dir_cliente;
	socklen_t tam_dir;
	int s, s_conec;

	comienza(argc, argv, &programa);
	/* SIGCHLD ignored: children that end leave no zombie, without wait. */
	sigemptyset(&sin_zombis.sa_mask);
	sin_zombis.sa_flags = SA_NOCLDWAIT;
	if (sigaction(SIGCHLD, &sin_zombis, NULL) < 0)
		muere_errno("sigaction");
	s = escucha(argv[1], SOMAXCONN);
	for (;;) {
		s_conec = acepta(s, &dir_cliente, &tam_dir);
		switch (fork()) {
		case 0: /* the child serves this client and has no use for s */
			close(s);
			sirve_rev(s_conec);
			exit(0);
		case -1:
			avisa_errno("fork");
			break;
		}
		close(s_conec); /* the child's now */
	}
}
