/* Sends each datum with a separator behind it, the end of a line: the other way
 * to tell where a datum of variable size ends. It must not be part of the data:
 * one that has it is refused here.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <string.h>
#include <unistd.h>

static const struct programa programa = { .forma = "maquina puerto dato...",
	.es = "Envía cada dato con un fin de línea detrás.",
	.en = "Sends each datum with the end of a line behind it.",
	.min = 3, .max = -1 };

int main(int argc, char **argv)
{
	static char separador[] = "\n";
	int s;

	argc = comienza(argc, argv, &programa);
	for (int i = 3; i < argc; i++)
		if (strchr(argv[i], *separador))
			muere("%s", dice("el separador está en un dato",
				"the separator is part of a datum"));
	s = conecta(argv[1], argv[2]);
	for (int i = 3; i < argc; i++) {
		struct iovec iov[2] = {
			{ .iov_base = argv[i], .iov_len = strlen(argv[i]) },
			{ .iov_base = separador, .iov_len = 1 },
		};

		if (envia_piezas(s, iov, 2) < 0)
			muere_errno("writev");
	}
	paso("close");
	close(s);
	return 0;
}
