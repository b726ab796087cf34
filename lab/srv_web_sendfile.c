/* Web server without copies ("zero-copy"): sendfile() tells the system to send
 * from the file's buffer, and the bytes are never in our memory. It is Linux's
 * (others have calls of the same name and other arguments).
 *
 * The header goes before it by send() with MSG_MORE, so that both share the first
 * segment. sendfile() too may do less than asked: it returns how much. It could be told
 * to send all of the file by one call, but that does not end as long as the client takes
 * a little before each limit of time: so not more than PIEZA at once.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/web.h"

#include <errno.h>
#include <sys/sendfile.h>

enum { PIEZA = 1 << 20 };

static int envia(int s, const char *cabecera, size_t n, struct parte *parte)
{
	off_t donde = parte->desde, fin = parte->desde + parte->tam;

	if (envia_todo_con(s, cabecera, n, parte->tam > 0 ? MSG_MORE : 0) < 0)
		return -1;
	while (donde < fin) {
		/* Moves `donde`, and leaves the file's own position alone. */
		ssize_t r = sendfile(s, parte->f, &donde,
			fin - donde < PIEZA ? (size_t)(fin - donde) : PIEZA);

		if (r < 0 && errno == EINTR)
			continue;
		if (r == 0)
			errno = EIO; /* somebody has cut the file */
		if (r <= 0 || lleva_ritmo(parte, donde - parte->desde) < 0)
			return -1;
	}
	return 0;
}

static const struct programa programa = { .forma = WEB_FORMA,
	.es = "Servidor web que envía los ficheros con sendfile.",
	.en = "Web server that sends files by sendfile.",
	.min = 1, .max = 4 };

int main(int argc, char **argv)
{
	argc = comienza(argc, argv, &programa);
	return sirve_web(argc, argv, envia);
}
