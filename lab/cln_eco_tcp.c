/* TCP echo client: sends each message and prints what comes back, once all of
 * it has come.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct programa programa = { .forma = "maquina puerto mensaje...",
	.es = "Envía cada mensaje y escribe lo que vuelve.",
	.en = "Sends each message and prints what comes back.",
	.min = 3, .max = -1 };

int main(int argc, char **argv)
{
	int s;

	argc = comienza(argc, argv, &programa);
	s = conecta(argv[1], argv[2]);
	for (int i = 3; i < argc; i++) {
		size_t n = strlen(argv[i]);
		char *eco = malloc(n + 1);
		ssize_t r;

		if (!eco)
			muere_errno("malloc");
		if (envia_todo(s, argv[i], n) < 0)
			muere_errno("send");
		r = recibe_todo(s, eco, n);
		if (r < 0)
			muere_errno("recv");
		if ((size_t)r < n)
			muere(dice("respuesta cortada: %zd de %zu bytes",
				"answer cut: %zd of %zu bytes"),
				r, n);
		eco[n] = '\0';
		printf(dice("Respuesta: %s\n", "Answer: %s\n"), eco);
		free(eco);
	}
	close(s);
	return 0;
}
