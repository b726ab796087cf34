/* TCP echo client: sends each message and prints what comes back, once all of
 * it has come.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int s;

	comienza(argv);
	if (argc < 4)
		muere("uso: cln_eco_tcp maquina puerto mensaje...");
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
			muere("respuesta cortada: %zd de %zu bytes", r, n);
		eco[n] = '\0';
		printf("Respuesta: %s\n", eco);
		free(eco);
	}
	close(s);
	return 0;
}
