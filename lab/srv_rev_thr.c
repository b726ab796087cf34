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

int main(int argc, char **argv)
{
	struct sockaddr_storage dir_cliente;
	pthread_attr_t atrib_th;
	socklen_t tam_dir;
	pthread_t thid;
	int s, s_conec;

	comienza(argv);
	if (argc != 2)
		muere("uso: srv_rev_thr puerto");
	errno = pthread_attr_init(&atrib_th);
	if (errno)
		muere_errno("pthread_attr_init");
	/* Detached: nobody will join them. */
	errno = pthread_attr_setdetachstate(&atrib_th, PTHREAD_CREATE_DETACHED);
	if (errno)
		muere_errno("pthread_attr_setdetachstate");
	s = escucha_rev(argv[1]);
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
