/* TCP echo client: sends each message and prints what comes back, once all of
 * it has come.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/eco.h"

#include <unistd.h>

static const struct programa programa = { .forma = "maquina puerto mensaje...",
	.es = "Envía cada mensaje y escribe lo que vuelve.",
	.en = "Sends each message and prints what comes back.",
	.min = 3, .max = -1 };

int main(int argc, char **argv)
{
	int s;

	argc = comienza(argc, argv, &programa);
	s = conecta(argv[1], argv[2]);
	for (int i = 3; i < argc; i++)
		eco_pide(s, argv[i]);
	close(s);
	return 0;
}
