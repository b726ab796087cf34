/* Two data by two calls: two changes to the system and back, and, as the first
 * goes out at once (nothing is unacknowledged, Nagle has no say), perhaps two
 * segments. The receiver of a stream sees no border between them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <string.h>
#include <unistd.h>

static const struct programa programa = { .forma = "maquina puerto dato1 dato2",
	.es = "Envía dos datos con dos envíos.",
	.en = "Sends two data by two sends.",
	.min = 4, .max = 4 };

int main(int argc, char **argv)
{
	int s;

	comienza(argc, argv, &programa);
	s = conecta(argv[1], argv[2]);
	for (int i = 3; i <= 4; i++) {
		paso("write");
		if (escribe_todo(s, argv[i], strlen(argv[i])) < 0)
			muere_errno("write");
	}
	paso("close");
	close(s);
	return 0;
}
