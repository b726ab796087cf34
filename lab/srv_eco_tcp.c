/* TCP echo server, sequential, of whatever family the address has.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static void sirve(int clisd)
{
	char buf[80 + 1];

	for (;;) {
		ssize_t c = recv(clisd, buf, 80, 0);

		if (c < 0 && errno == EINTR)
			continue;
		if (c < 0)
			avisa_errno("recv");
		if (c <= 0)
			return;
		buf[c] = '\0';
		printf(dice("\tMensaje: %s\n", "\tMessage: %s\n"), buf);
		if (fflush(stdout) != 0)
			muere_errno("stdout");
		if (envia_todo(clisd, buf, (size_t)c) < 0) {
			avisa_errno("send");
			return;
		}
	}
}

static const struct programa programa = { .forma = "[direccion] puerto",
	.es = "Devuelve a cada cliente lo que envía.",
	.en = "Sends back what each client sends.",
	.min = 1, .max = 2 };

int main(int argc, char **argv)
{
	struct sockaddr_storage addr;
	struct nombre nombre;
	socklen_t addrlen;
	int sd;

	argc = comienza(argc, argv, &programa);
	sd = asocia(argc == 3 ? argv[1] : NULL, argv[argc - 1], SOCK_STREAM);
	if (listen(sd, 5) < 0)
		muere_errno("listen");
	for (;;) {
		int clisd = acepta(sd, &addr, &addrlen);

		nombra(&addr, addrlen, &nombre);
		printf(dice("Conexión desde Host:%s Puerto:%s\n",
			"Connection from Host:%s Port:%s\n"), nombre.maquina,
			nombre.puerto);
		if (fflush(stdout) != 0)
			muere_errno("stdout");
		sirve(clisd);
		close(clisd);
	}
}
