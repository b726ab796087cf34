/* Takes connections and reads from each, asking for so many bytes at a time,
 * until the sender closes: recv() then returns 0. A stream has no borders of
 * messages: each read returns what is there, be it part of one message or
 * several of them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <errno.h>

static const struct programa programa = { .forma = "puerto tam_recibir",
	.es = "Lee de cada conexión, ese tamaño cada vez, hasta su fin.",
	.en = "Reads from each connection, that size at a time, until its end.",
	.min = 2, .max = 2 };

/* Whatever is there, but for a signal's interruption. */
static ssize_t lee(int s_conec, void *buf, size_t tam)
{
	ssize_t leido;

	paso("recv");
	do
		leido = recv(s_conec, buf, tam, 0);
	while (leido < 0 && errno == EINTR);
	return leido;
}

static void recibe(int s_conec, char *buf, size_t tam)
{
	recibe_bloques(s_conec, buf, tam, lee, "recv");
}

int main(int argc, char **argv)
{
	comienza(argc, argv, &programa);
	sirve_receptor(argv, recibe);
}
