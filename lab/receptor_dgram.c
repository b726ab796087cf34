/* Receives datagrams, asking for so many bytes. Each receive takes one datagram,
 * never part of the next; what is longer than asked for is lost, and recvmsg()
 * says so by MSG_TRUNC.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <errno.h>
#include <stdlib.h>

static const struct programa programa = { .forma = "puerto tam_recibir",
	.es = "Recibe datagramas, hasta ese tamaño de cada uno.",
	.en = "Receives datagrams, up to that size of each.",
	.min = 2, .max = 2 };

int main(int argc, char **argv)
{
	struct sockaddr_storage dir;
	struct nombre nombre;
	struct iovec iov;
	size_t tam;
	int s;

	comienza(argc, argv, &programa);
	tam = (size_t)numero(argv[2], 0, TAM_MAX, "tam_recibir");
	iov.iov_base = malloc(tam ? tam : 1);
	if (!iov.iov_base)
		muere_errno("malloc");
	iov.iov_len = tam;
	s = asocia(NULL, argv[1], SOCK_DGRAM);
	for (;;) {
		struct msghdr m = { .msg_name = &dir, .msg_namelen = sizeof(dir),
			.msg_iov = &iov, .msg_iovlen = 1 };
		ssize_t leido;

		paso("recvmsg");
		leido = recvmsg(s, &m, 0);
		if (leido < 0 && errno == EINTR)
			continue;
		if (leido < 0)
			muere_errno("recvmsg");
		nombra(&dir, m.msg_namelen, &nombre);
		informa(dice("leído %zd de %s:%s%s", "read %zd of %s:%s%s"),
			leido, nombre.maquina, nombre.puerto,
			m.msg_flags & MSG_TRUNC ?
				dice(" (el resto se ha perdido)",
					" (the rest is lost)") : "");
	}
}
