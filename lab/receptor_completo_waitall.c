/* Receives blocks of exactly that size with the flag MSG_WAITALL: recv() itself
 * waits for all of it, but for a signal, an error or the end.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

static const struct programa programa = { .forma = "puerto tam",
	.es = "Recibe bloques completos de ese tamaño, con MSG_WAITALL.",
	.en = "Receives whole blocks of that size, by MSG_WAITALL.",
	.min = 2, .max = 2 };

static void recibe(int s_conec, char *buf, size_t tam)
{
	recibe_bloques(s_conec, buf, tam, recibe_todo, "recv");
}

int main(int argc, char **argv)
{
	comienza(argc, argv, &programa);
	sirve_receptor(argv, recibe);
}
