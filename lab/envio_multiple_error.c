/* What not to do: a structure of pointers, sent as it is, sends where the data
 * are in this process and not what they say. The receiver gets numbers that mean
 * nothing to it (and that nobody outside should know).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <unistd.h>

static const struct programa programa = { .forma = "maquina puerto dato1 dato2",
	.es = "Envía dos punteros, no los datos: así no se hace.",
	.en = "Sends two pointers, not the data: how not to do it.",
	.min = 4, .max = 4 };

struct mensaje {
	char *dato1;
	char *dato2;
};

int main(int argc, char **argv)
{
	struct mensaje m;
	int s;

	comienza(argc, argv, &programa);
	m.dato1 = argv[3];
	m.dato2 = argv[4];
	s = conecta(argv[1], argv[2]);
	if (escribe_todo(s, &m, sizeof(m)) < 0)
		muere_errno("write");
	avisa(dice("se han enviado %zu bytes de direcciones, ninguno de datos",
			"sent %zu bytes of addresses, and none of data"),
		sizeof(m));
	paso("close");
	close(s);
	return 0;
}
