/* Sends a datum and closes only its own direction, by shutdown(): the receiver
 * sees the end (recv() returns 0) and can still answer. The connection serves
 * for this one datum: nothing more can be asked by it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct programa programa = { .forma = "maquina puerto dato",
	.es = "Envía un dato, cierra el envío y escribe la respuesta.",
	.en = "Sends a datum, closes sending and prints the answer.",
	.min = 3, .max = 3 };

int main(int argc, char **argv)
{
	char buf[4096];
	ssize_t r;
	int s;

	comienza(argc, argv, &programa);
	s = conecta(argv[1], argv[2]);
	if (envia_todo(s, argv[3], strlen(argv[3])) < 0)
		muere_errno("send");
	paso("shutdown");
	if (shutdown(s, SHUT_WR) < 0)
		muere_errno("shutdown");
	while ((r = recibe_todo(s, buf, sizeof(buf))) > 0)
		if (escribe_todo(STDOUT_FILENO, buf, (size_t)r) < 0)
			muere_errno("write");
	if (r < 0)
		muere_errno("recv");
	close(s);
	return 0;
}
