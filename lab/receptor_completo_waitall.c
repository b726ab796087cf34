/* Receives blocks of exactly that size with the flag MSG_WAITALL: recv() itself
 * waits for all of it, but for a signal, an error or the end.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun.h"

#include <stdlib.h>
#include <unistd.h>

static const struct programa programa = { .forma = "puerto tam",
	.es = "Recibe bloques completos de ese tamaño, con MSG_WAITALL.",
	.en = "Receives whole blocks of that size, by MSG_WAITALL.",
	.min = 2, .max = 2 };

static void recibe(int s_conec, char *buf, size_t tam)
{
	unsigned long long total = 0;
	ssize_t leido;

	while ((leido = recibe_todo(s_conec, buf, tam)) > 0) {
		informa(dice("leído %zd", "read %zd"), leido);
		total += (unsigned long long)leido;
	}
	if (leido < 0)
		avisa_errno("recv");
	informa("total %llu", total);
	close(s_conec);
}

int main(int argc, char **argv)
{
	size_t tam;
	char *buf;
	int s;

	comienza(argc, argv, &programa);
	tam = (size_t)numero(argv[2], 1, TAM_MAX, "tam");
	buf = malloc(tam);
	if (!buf)
		muere_errno("malloc");
	s = escucha(argv[1], 2);
	for (;;)
		recibe(acepta_e_informa(s), buf, tam);
}
