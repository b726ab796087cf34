/* Connects and sends so many messages of that size, each by a send() of its own,
 * over a socket with the options that are given. TCP_NODELAY=1 shows what Nagle's
 * algorithm does (RFC 1122, 4.2.3.4): without it, a small segment waits until what
 * was sent before has been acknowledged, and the next messages join it meanwhile.
 * SO_SNDBUF=n is how much send() may copy before it has to wait.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"
#include "comun/opciones.h"

#include <stdlib.h>
#include <unistd.h>

static const struct programa programa = {
	.forma = "maquina puerto tam_enviar veces " OPCIONES_FORMA,
	.es = "Envía varias veces un mensaje de ese tamaño, con esas opciones.",
	.en = "Sends a message of that size so many times, with these options.",
	.min = 4, .max = -1 };

int main(int argc, char **argv)
{
	size_t tam;
	long veces;
	char *buf;
	int s;

	argc = comienza(argc, argv, &programa);
	tam = (size_t)numero(argv[3], 1, TAM_MAX, "tam_enviar");
	veces = numero(argv[4], 0, 1000000, "veces");
	examina_opciones(argc - 5, argv + 5);
	buf = mensaje(tam);
	s = conecta(argv[1], argv[2]);
	fija_opciones(s, argc - 5, argv + 5, TODOS);
	informa_opciones(s, argc - 5, argv + 5);
	for (long i = 0; i < veces; i++) {
		paso("send");
		if (envia_todo(s, buf, tam) < 0)
			muere_errno("send");
	}
	paso("close");
	close(s);
	free(buf);
	return 0;
}
