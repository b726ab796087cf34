/* Connects to a server and leaves. connect() returns when the other system has
 * answered, whether or not the server has called accept(); nobody listening is
 * ECONNREFUSED.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <unistd.h>

static const struct programa programa = { .forma = "maquina puerto",
	.es = "Realiza una conexión y la cierra.",
	.en = "Makes a connection and closes it.",
	.min = 2, .max = 2 };

int main(int argc, char **argv)
{
	int s;

	comienza(argc, argv, &programa);
	s = conecta(argv[1], argv[2]);
	informa("%s", dice("conectado", "connected"));
	paso("close");
	close(s);
	return 0;
}
