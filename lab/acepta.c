/* Accepts connections by a port, for ever, with the given backlog. With --paso
 * it waits before each call, so that a client may come before listen (refused:
 * the socket is no server's yet) or before accept (it connects all the same:
 * the system sets the connection up, accept() only takes it from the queue).
 * The backlog says how many may wait there; Linux keeps one more.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <limits.h>
#include <unistd.h>

static const struct programa programa = { .forma = "puerto val_listen",
	.es = "Acepta conexiones por ese puerto, con ese valor para listen.",
	.en = "Accepts connections by that port, with that value for listen.",
	.min = 2, .max = 2 };

int main(int argc, char **argv)
{
	int s;

	comienza(argc, argv, &programa);
	/* A negative one is taken as the largest (listen(2) of Linux). */
	s = escucha(argv[1], (int)numero(argv[2], INT_MIN, INT_MAX, "val_listen"));
	for (;;) {
		int s_conec = acepta_e_informa(s);

		close(s_conec);
	}
}
