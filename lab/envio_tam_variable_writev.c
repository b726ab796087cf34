/* Sends two data of variable size, their lengths first: the receiver of a
 * stream could not know where one ends. Lengths travel in network order; the
 * header and the data go in one writev(), neither copied nor in three messages.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

static const struct programa programa = {
	.forma = "maquina puerto dato1 dato2",
	.es = "Envía dos datos de tamaño variable, antes sus longitudes.",
	.en = "Sends two data of variable size, their lengths first.",
	.min = 4, .max = 4 };

int main(int argc, char **argv)
{
	struct cabecera cab;
	struct iovec iov[3];
	int s;

	comienza(argc, argv, &programa);
	/* Arguments are short; htonl() of a longer one would lie. */
	cab.long1 = htonl((uint32_t)strlen(argv[3]));
	cab.long2 = htonl((uint32_t)strlen(argv[4]));
	iov[0].iov_base = &cab;
	iov[0].iov_len = sizeof(cab);
	for (int i = 1; i <= 2; i++) {
		iov[i].iov_base = argv[2 + i];
		iov[i].iov_len = strlen(argv[2 + i]);
	}
	s = conecta(argv[1], argv[2]);
	if (envia_piezas(s, iov, 3) < 0)
		muere_errno("writev");
	paso("close");
	close(s);
	return 0;
}
