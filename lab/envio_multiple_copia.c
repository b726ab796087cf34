/* Two data by one call, copied side by side first: the copies cost, and so does
 * a message that always has the largest size. The document's strcpy() would write
 * behind its 16 bytes when an argument is longer; here that is an error.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <string.h>
#include <unistd.h>

static const struct programa programa = { .forma = "maquina puerto dato1 dato2",
	.es = "Envía dos datos copiados en una estructura.",
	.en = "Sends two data copied into a structure.",
	.min = 4, .max = 4 };

enum { MAX_DATO = 16 };

struct mensaje {
	char dato1[MAX_DATO];
	char dato2[MAX_DATO];
};

static void copia(char destino[MAX_DATO], const char *dato)
{
	if (strlen(dato) >= MAX_DATO)
		muere(dice("%s: demasiado largo (máximo %d)",
			"%s: too long (at most %d)"), dato, MAX_DATO - 1);
	strcpy(destino, dato);
}

int main(int argc, char **argv)
{
	struct mensaje m = { .dato1 = "" }; /* no byte of it is left as it was */
	int s;

	comienza(argc, argv, &programa);
	copia(m.dato1, argv[3]);
	copia(m.dato2, argv[4]);
	s = conecta(argv[1], argv[2]);
	if (escribe_todo(s, &m, sizeof(m)) < 0)
		muere_errno("write");
	paso("close");
	close(s);
	return 0;
}
