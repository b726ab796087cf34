/* The socket options that the documents name, and their neighbours.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef OPCIONES_H
#define OPCIONES_H

#include <stddef.h>

enum { VALOR_MAX = 128 };

/* What an option's value is made of. */
enum clase { ENTERO, LINGER, TIEMPO, CADENA };

struct opcion {
	const char *nombre;
	int nivel;
	int numero;
	enum clase clase;
};

extern const struct opcion opciones[];
extern const size_t numero_de_opciones;

/* A socket of a kind: tcp, udp, tcp6 or udp6; ends the program at another. */
int socket_de(const char *tipo);
/* The option's value in words. Returns 0, or -1 with errno: ENOPROTOOPT when such a
 * socket has no such option. */
int lee_opcion(int s, const struct opcion *o, char valor[VALOR_MAX]);
/* Sets it to a value in such words; ends the program when they are none. Returns 0,
 * or -1 with errno. */
int fija_opcion(int s, const struct opcion *o, const char *valor);

#endif
