/* Receives data that end with the end of a line. Here it reads with the
 * language's own input: fgets() keeps what came behind a separator for the next
 * call. A datum longer than a line may be is refused: somebody who never sends
 * a separator must not fill the memory.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINEA_MAX = 4096 };

static const struct programa programa = { .forma = "puerto",
	.es = "Recibe datos separados por fines de línea.",
	.en = "Receives data separated by ends of lines.",
	.min = 1, .max = 1 };

static void recibe(int s_conec)
{
	FILE *soc_desc = fdopen(s_conec, "r");
	char linea[LINEA_MAX + 2];

	if (!soc_desc) {
		avisa_errno("fdopen");
		close(s_conec);
		return;
	}
	while (fgets(linea, sizeof(linea), soc_desc)) {
		size_t n = strcspn(linea, "\n");

		if (linea[n] != '\n') {
			avisa("%s", n > LINEA_MAX ?
				dice("dato demasiado largo", "datum too long") :
				dice("dato cortado", "datum cut"));
			break;
		}
		linea[n] = '\0';
		informa(dice("dato: %s", "datum: %s"), linea);
	}
	if (ferror(soc_desc))
		avisa_errno("fgets");
	fclose(soc_desc);
}

int main(int argc, char **argv)
{
	int s;

	comienza(argc, argv, &programa);
	s = escucha(argv[1], SOMAXCONN);
	for (;;)
		recibe(acepta_e_informa(s));
}
