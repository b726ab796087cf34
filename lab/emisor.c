/* Connects and sends a message of that size with one send(). It copies into the
 * send buffer and returns when all is copied: at once when there is room, when
 * the receiver has read enough when there is not. A receiver that goes in the
 * middle makes it return less, without an error; the next send() has the error,
 * ECONNRESET or EPIPE (and the signal SIGPIPE, which --sigpipe does not ignore).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static const struct programa programa = { .forma = "maquina puerto tam_enviar",
	.es = "Realiza una conexión y envía un mensaje de ese tamaño.",
	.en = "Makes a connection and sends a message of that size.",
	.min = 3, .max = 3 };

int main(int argc, char **argv)
{
	size_t tam, hecho = 0;
	char *buf;
	int s;

	comienza(argc, argv, &programa);
	tam = (size_t)numero(argv[3], 0, TAM_MAX, "tam_enviar");
	buf = mensaje(tam);
	s = conecta(argv[1], argv[2]);
	paso("send");
	do {
		ssize_t r = send(s, buf + hecho, tam - hecho, 0);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			muere_errno("send");
		informa(dice("send: %zd de %zu", "send: %zd of %zu"), r,
			tam - hecho);
		hecho += (size_t)r;
	} while (hecho < tam);
	paso("close");
	close(s);
	free(buf);
	return 0;
}
