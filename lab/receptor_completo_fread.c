/* Receives blocks of exactly that size with the language's own input: fread()
 * calls read() as often as it takes, and fgets() and the others would work too.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <stdio.h>
#include <unistd.h>

static const struct programa programa = { .forma = "puerto tam",
	.es = "Recibe bloques completos de ese tamaño, con fread.",
	.en = "Receives whole blocks of that size, by fread.",
	.min = 2, .max = 2 };

static void recibe(int s_conec, char *buf, size_t tam)
{
	FILE *soc_desc = fdopen(s_conec, "r");
	unsigned long long total = 0;
	size_t leido;

	if (!soc_desc) {
		avisa_errno("fdopen");
		close(s_conec);
		return;
	}
	while ((leido = fread(buf, 1, tam, soc_desc)) > 0) {
		informa(dice("leído %zu", "read %zu"), leido);
		total += leido;
	}
	if (ferror(soc_desc))
		avisa_errno("fread");
	informa("total %llu", total);
	fclose(soc_desc); /* and the descriptor with it */
}

int main(int argc, char **argv)
{
	comienza(argc, argv, &programa);
	sirve_receptor(argv, recibe);
}
