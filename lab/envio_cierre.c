/* Sends a datum and closes: the receiver's recv() returns 0, and that is the
 * datum's end. Simple, but a client that closes cannot hear an answer; see
 * envio_shutdown.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <string.h>
#include <unistd.h>

static const struct programa programa = { .forma = "maquina puerto dato",
	.es = "Envía un dato; cerrar la conexión es su fin.",
	.en = "Sends a datum; closing the connection is its end.",
	.min = 3, .max = 3 };

int main(int argc, char **argv)
{
	int s;

	comienza(argc, argv, &programa);
	s = conecta(argv[1], argv[2]);
	if (envia_todo(s, argv[3], strlen(argv[3])) < 0)
		muere_errno("send");
	paso("close");
	close(s);
	return 0;
}
