/* Web server, the ordinary way: read() copies the file from the system's buffer
 * into ours, send() copies it back into another of the system's. Two copies by
 * the processor and two calls for each piece.
 *
 * MSG_MORE says "more is coming", so that the header goes in the same segment as
 * the file's beginning. The document says it with each piece, and its close()
 * sends what is held back; this server keeps the connection for the next request,
 * so the last piece is sent without it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/web.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int envia_piezas_leidas(int s, struct parte *parte, char *buf)
{
	off_t hecho = 0;

	while (hecho < parte->tam) {
		off_t queda = parte->tam - hecho;
		size_t n = parte->tam_acceso_recom;
		ssize_t leido;

		if (queda < (off_t)n)
			n = (size_t)queda;
		leido = pread(parte->f, buf, n, parte->desde + hecho);
		if (leido < 0 && errno == EINTR)
			continue;
		if (leido == 0)
			errno = EIO; /* somebody has cut the file */
		if (leido <= 0)
			return -1;
		hecho += leido;
		if (envia_todo_con(s, buf, (size_t)leido,
				hecho < parte->tam ? MSG_MORE : 0) < 0 ||
			lleva_ritmo(parte, hecho) < 0)
			return -1;
	}
	return 0;
}

static int envia(int s, const char *cabecera, size_t n, struct parte *parte)
{
	/* The document has it on the stack; but how much it is, the file
	 * system says, and a thread's stack is small. */
	char *buf = malloc(parte->tam_acceso_recom);
	int r;

	if (!buf)
		return -1;
	r = envia_todo_con(s, cabecera, n, parte->tam > 0 ? MSG_MORE : 0);
	if (r == 0)
		r = envia_piezas_leidas(s, parte, buf);
	free(buf);
	return r;
}

static const struct programa programa = { .forma = WEB_FORMA,
	.es = "Servidor web que envía los ficheros con read y send.",
	.en = "Web server that sends files by read and send.",
	.min = 1, .max = 4 };

int main(int argc, char **argv)
{
	argc = comienza(argc, argv, &programa);
	return sirve_web(argc, argv, envia);
}
