/* Sends a message of that size without blocking: send() copies what fits into
 * the buffer and says how much; when nothing fits it fails with EAGAIN. Trying
 * again and again would burn the processor: poll() tells when there is room.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

static const struct programa programa = { .forma = "maquina puerto tam_enviar",
	.es = "Envía un mensaje de ese tamaño sin bloquearse nunca en send.",
	.en = "Sends a message of that size without ever blocking in send.",
	.min = 3, .max = 3 };

static void espera_sitio(int s)
{
	struct pollfd p = { .fd = s, .events = POLLOUT };

	paso("poll");
	while (poll(&p, 1, -1) < 0)
		if (errno != EINTR)
			muere_errno("poll");
}

int main(int argc, char **argv)
{
	unsigned long envios = 0, esperas = 0;
	size_t tam, hecho = 0;
	int s, banderas;
	char *buf;

	comienza(argc, argv, &programa);
	tam = (size_t)numero(argv[3], 0, TAM_MAX, "tam_enviar");
	buf = mensaje(tam);
	s = conecta(argv[1], argv[2]);
	banderas = fcntl(s, F_GETFL, 0); /* added to those it has */
	if (banderas < 0 || fcntl(s, F_SETFL, banderas | O_NONBLOCK) < 0)
		muere_errno("fcntl");
	paso("send");
	while (hecho < tam) {
		ssize_t r = send(s, buf + hecho, tam - hecho, 0);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			if (esperas++ == 0)
				avisa_errno("send");
			espera_sitio(s);
			continue;
		}
		if (r < 0)
			muere_errno("send");
		if (envios++ == 0)
			informa(dice("primer send: %zd de %zu",
					"first send: %zd of %zu"), r, tam);
		hecho += (size_t)r;
	}
	informa(dice("%zu bytes en %lu envíos, %lu esperas",
			"%zu bytes in %lu sends, %lu waits"),
		hecho, envios, esperas);
	close(s);
	free(buf);
	return 0;
}
