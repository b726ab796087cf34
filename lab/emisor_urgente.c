/* Sends data in order, some of them urgent ("out of band"): those that begin with
 * '!'. TCP has one urgent mark, not a second channel: of several urgent bytes sent
 * at once the last one is marked, the others are ordinary data. The mark goes ahead
 * of what it stands behind: the receiver hears of it even while its window is full.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <string.h>
#include <unistd.h>

static const struct programa programa = {
	.forma = "maquina puerto dato|!urgente...",
	.es = "Envía cada dato; los que empiezan por ! con MSG_OOB.",
	.en = "Sends each datum; those that begin with ! by MSG_OOB.",
	.min = 3, .max = -1 };

int main(int argc, char **argv)
{
	int s;

	argc = comienza(argc, argv, &programa);
	s = conecta(argv[1], argv[2]);
	for (int i = 3; i < argc; i++) {
		const char *dato = argv[i] + (argv[i][0] == '!');

		paso("send");
		if (envia_todo_con(s, dato, strlen(dato),
				dato > argv[i] ? MSG_OOB : 0) < 0)
			muere_errno("send");
	}
	paso("close");
	close(s);
	return 0;
}
