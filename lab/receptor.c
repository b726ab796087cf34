/* Takes connections and reads from each, asking for so many bytes at a time,
 * until the sender closes: recv() then returns 0. A stream has no borders of
 * messages: each read returns what is there, be it part of one message or
 * several of them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static const struct programa programa = { .forma = "puerto tam_recibir",
	.es = "Lee de cada conexión, ese tamaño cada vez, hasta su fin.",
	.en = "Reads from each connection, that size at a time, until its end.",
	.min = 2, .max = 2 };

static void lee(int s_conec, char *buf, size_t tam)
{
	unsigned long long total = 0;
	ssize_t leido;

	for (;;) {
		paso("recv");
		leido = recv(s_conec, buf, tam, 0);
		if (leido < 0 && errno == EINTR)
			continue;
		if (leido <= 0)
			break;
		informa(dice("leído %zd", "read %zd"), leido);
		total += (unsigned long long)leido;
	}
	/* ECONNRESET: the sender has gone and left something unread, or died. */
	if (leido < 0)
		avisa_errno("recv");
	informa("total %llu", total);
}

int main(int argc, char **argv)
{
	size_t tam;
	char *buf;
	int s;

	comienza(argc, argv, &programa);
	/* Of nothing nothing is read: 0 would look like the end. */
	tam = (size_t)numero(argv[2], 1, TAM_MAX, "tam_recibir");
	buf = malloc(tam);
	if (!buf)
		muere_errno("malloc");
	s = escucha(argv[1], 2);
	for (;;) {
		int s_conec = acepta_e_informa(s);

		lee(s_conec, buf, tam);
		close(s_conec);
	}
}
