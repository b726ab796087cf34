/* Receives a datum whose end is the end of the connection, or of its sending
 * half, and answers how long it was. A sender that only shut its half hears the
 * answer; one that closed does not, and its system resets the connection.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { DATO_MAX = 1 << 20 };

static const struct programa programa = { .forma = "puerto",
	.es = "Recibe de cada conexión un dato, hasta su fin.",
	.en = "Receives a datum from each connection, until its end.",
	.min = 1, .max = 1 };

static void recibe(int s_conec, char *dato)
{
	/* One more than it takes: if that comes too, the datum is too long. */
	ssize_t leido = recibe_todo(s_conec, dato, DATO_MAX + 1);
	char respuesta[64];
	int n;

	if (leido < 0) {
		avisa_errno("recv");
		return;
	}
	if (leido > DATO_MAX) {
		avisa("%s", dice("dato demasiado largo", "datum too long"));
		return;
	}
	dato[leido] = '\0';
	informa(dice("dato: %s", "datum: %s"), dato);
	n = snprintf(respuesta, sizeof(respuesta),
		dice("recibidos %zd bytes\n", "received %zd bytes\n"), leido);
	if (envia_todo(s_conec, respuesta, (size_t)n) < 0)
		avisa_errno("send");
}

int main(int argc, char **argv)
{
	char *dato;
	int s;

	comienza(argc, argv, &programa);
	dato = malloc(DATO_MAX + 1);
	if (!dato)
		muere_errno("malloc");
	s = escucha(argv[1], SOMAXCONN);
	for (;;) {
		int s_conec = acepta_e_informa(s);

		recibe(s_conec, dato);
		close(s_conec);
	}
}
