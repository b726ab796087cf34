/* Sets an option of a new socket by setsockopt(), and asks what became of it: the
 * system need not do as it was told. Linux doubles SO_RCVBUF and SO_SNDBUF (its own
 * bookkeeping comes out of them) and cuts them at net.core.rmem_max; rounds times;
 * refuses others: EINVAL a value, ENOPROTOOPT an option, EPERM without privilege.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"
#include "comun/opciones.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct programa programa = {
	.forma = "tcp|udp|tcp6|udp6 opcion valor",
	.es = "Fija una opción de un socket nuevo (tiempos en ms, linger en s o no).",
	.en = "Sets an option of a new socket (times in ms, linger in s or \"no\").",
	.min = 3, .max = 3 };

int main(int argc, char **argv)
{
	char antes[VALOR_MAX], ahora[VALOR_MAX];
	const struct opcion *o;
	int s;

	comienza(argc, argv, &programa);
	o = busca_opcion(argv[2], strlen(argv[2]));
	s = socket_de(argv[1]);
	if (lee_opcion(s, o, antes) < 0)
		snprintf(antes, sizeof(antes), "?");
	if (fija_opcion(s, o, argv[3]) < 0)
		muere_errno(o->nombre);
	if (lee_opcion(s, o, ahora) < 0)
		muere_errno("getsockopt");
	informa(dice("%s: era %s, se pide %s, es %s",
			"%s: was %s, asked for %s, is %s"),
		o->nombre, antes, argv[3], ahora);
	close(s);
	return 0;
}
