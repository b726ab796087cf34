/* Echo server in the Unix domain, stream: the same calls as over TCP, within one
 * machine; only the address is another, a file's name.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/eco.h"
#include "comun/unix.h"

#include <errno.h>
#include <unistd.h>

static const struct programa programa = { .forma = "ruta",
	.es = "Eco en el dominio UNIX, de tipo stream.",
	.en = "Echo in the Unix domain, of streams.",
	.min = 1, .max = 1 };

int main(int argc, char **argv)
{
	struct sockaddr_storage dir;
	socklen_t tam_dir;
	int s;

	comienza(argc, argv, &programa);
	s = asocia_unix(argv[1], SOCK_STREAM);
	for (;;) {
		int s_conec = acepta(s, &dir, &tam_dir);

		/* A client has no name there: it is nobody's file. */
		informa("%s", dice("Conexión", "Connection"));
		eco_flujo(s_conec);
		close(s_conec);
	}
}
