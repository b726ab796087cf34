/* Two data by two calls with MSG_MORE: the system waits for more, so that the
 * segment is fuller. It does not wait for ever: the end of the connection, a full
 * segment or 200 ms (Linux) send what there is.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <string.h>
#include <unistd.h>

static const struct programa programa = { .forma = "maquina puerto dato1 dato2",
	.es = "Envía dos datos con dos envíos y MSG_MORE.",
	.en = "Sends two data by two sends and MSG_MORE.",
	.min = 4, .max = 4 };

int main(int argc, char **argv)
{
	int s;

	comienza(argc, argv, &programa);
	s = conecta(argv[1], argv[2]);
	for (int i = 3; i <= 4; i++)
		if (envia_todo_con(s, argv[i], strlen(argv[i]), MSG_MORE) < 0)
			muere_errno("send");
	paso("close");
	close(s);
	return 0;
}
