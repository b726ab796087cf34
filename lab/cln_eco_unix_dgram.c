/* Echo client in the Unix domain, datagrams: gives itself a name, a file beside
 * the server's, to be answered at, and takes it away at its end.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"
#include "comun/unix.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TAM_MENSAJE = 80 };

static const struct programa programa = { .forma = "ruta mensaje...",
	.es = "Envía cada mensaje en un datagrama UNIX y escribe la respuesta.",
	.en = "Sends each message in a Unix datagram and prints the answer.",
	.min = 2, .max = -1 };

/* Returns 0 or -1 with errno. */
static int pide(int s, const char *mensaje)
{
	char buf[TAM_MENSAJE + 1];
	ssize_t c;

	if (send(s, mensaje, strlen(mensaje), 0) < 0)
		return -1;
	do
		c = recv(s, buf, TAM_MENSAJE, 0);
	while (c < 0 && errno == EINTR);
	if (c < 0)
		return -1;
	buf[c] = '\0';
	informa(dice("Respuesta: %s", "Answer: %s"), buf);
	return 0;
}

int main(int argc, char **argv)
{
	char propia[256];
	int s, guardado, bien = 1;

	argc = comienza(argc, argv, &programa);
	snprintf(propia, sizeof(propia), "%s.%ld", argv[1], (long)getpid());
	s = conecta_unix(argv[1], SOCK_DGRAM, propia);
	for (int i = 2; bien && i < argc; i++)
		bien = pide(s, argv[i]) == 0;
	guardado = errno;
	unlink(propia);
	close(s);
	errno = guardado;
	if (!bien)
		muere_errno(dice("sin respuesta", "no answer"));
	return 0;
}
