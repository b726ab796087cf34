/* Echo client in the Unix domain, stream. No file, nobody to answer, or no
 * permission: ENOENT, ECONNREFUSED, EACCES of connect().
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/eco.h"
#include "comun/unix.h"

#include <unistd.h>

static const struct programa programa = { .forma = "ruta mensaje...",
	.es = "Envía cada mensaje por un socket UNIX y escribe lo que vuelve.",
	.en = "Sends each message by a Unix socket and prints what comes back.",
	.min = 2, .max = -1 };

int main(int argc, char **argv)
{
	int s;

	argc = comienza(argc, argv, &programa);
	s = conecta_unix(argv[1], SOCK_STREAM, NULL);
	for (int i = 2; i < argc; i++)
		eco_pide(s, argv[i]);
	close(s);
	return 0;
}
