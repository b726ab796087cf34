/* Reverse server, concurrent: a detached thread for each client.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun.h"

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

static void *servicio(void *arg)
{
	sirve_rev((int)(intptr_t)arg);
	return NULL;
}

static const struct programa programa = { .forma = "puerto",
	.es = "Servidor que da la vuelta, un thread por cliente.",
	.en = "Reverse server, a thread for each client.",
	.min = 1, .max = 1 };

int main(int argc, char **argv)
{
	struct sockaddr_storage dir_cliente;
	pthread_attr_t atrib_th;
	socklen_t tam_dir;
	pthread_t thid;
	int s, s_conec;

	comienza(argc, argv, &programa);
	errno = pthread_attr_init(&atrib_th);
	if (errno)
		muere_errno("pthread_attr_init");
	/* Detached: nobody will join them. */
	errno = pthread_attr_setdetachstate(&atrib_th, PTHREAD_CREATE_DETACHED);
	if (errno)
		muere_errno("pthread_attr_setdetachstate");
	s = escucha(argv[1], SOMAXCONN);
	for (;;) {
		s_conec = acepta(s, &dir_cliente, &tam_dir);
		errno = pthread_create(&thid, &atrib_th, servicio,
			(void *)(intptr_t)s_conec);
		if (errno) {
			avisa_errno("pthread_create");
			close(s_conec);
		}
	}
}
