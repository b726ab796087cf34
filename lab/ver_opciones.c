/* Shows what options a new socket has, by getsockopt(). Of those that such a socket
 * has not (ENOPROTOOPT, EOPNOTSUPP) or not yet (IP_MTU before connect() is ENOTCONN)
 * it says why.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"
#include "comun/opciones.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const struct programa programa = {
	.forma = "tcp|udp|tcp6|udp6 [opcion...]",
	.es = "Muestra las opciones de un socket nuevo.",
	.en = "Shows the options of a new socket.",
	.min = 1, .max = -1 };

static int pedida(int argc, char **argv, const char *nombre)
{
	for (int i = 2; i < argc; i++)
		if (strcmp(argv[i], nombre) == 0)
			return 1;
	return argc == 2;
}

int main(int argc, char **argv)
{
	int s, vistas = 0;

	argc = comienza(argc, argv, &programa);
	s = socket_de(argv[1]);
	for (size_t i = 0; i < numero_de_opciones; i++) {
		const struct opcion *o = &opciones[i];
		char valor[VALOR_MAX];

		if (!pedida(argc, argv, o->nombre))
			continue;
		vistas++;
		if (lee_opcion(s, o, valor) == 0)
			informa("%s = %s", o->nombre, valor);
		else
			informa("%s: %s", o->nombre, strerror(errno));
	}
	close(s);
	if (vistas == 0 || (argc > 2 && vistas < argc - 2))
		muere("%s", dice("no se conocen todas esas opciones",
			"not all of those options are known"));
	return 0;
}
