/* Two data by one call and without a copy: writev() gathers them from where they
 * are. It may stop anywhere, in either of them: the rest is sent again.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <string.h>
#include <unistd.h>

static const struct programa programa = { .forma = "maquina puerto dato1 dato2",
	.es = "Envía dos datos con un writev.",
	.en = "Sends two data by one writev.",
	.min = 4, .max = 4 };

int main(int argc, char **argv)
{
	struct iovec iov[2];
	int s;

	comienza(argc, argv, &programa);
	for (int i = 0; i < 2; i++) {
		iov[i].iov_base = argv[3 + i];
		iov[i].iov_len = strlen(argv[3 + i]);
	}
	s = conecta(argv[1], argv[2]);
	if (envia_piezas(s, iov, 2) < 0)
		muere_errno("writev");
	paso("close");
	close(s);
	return 0;
}
