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

/* The option of that name, of so many bytes; ends the program with status 2 when it is
 * none of these. */
const struct opcion *busca_opcion(const char *nombre, size_t largo);
/* A socket of a kind: tcp, udp, tcp6 or udp6; ends the program at another. */
int socket_de(const char *tipo);
/* The option's value in words. Returns 0, or -1 with errno: ENOPROTOOPT when such a
 * socket has no such option. */
int lee_opcion(int s, const struct opcion *o, char valor[VALOR_MAX]);
/* Sets it to a value in such words; ends the program when they are none. Returns 0,
 * or -1 with errno. */
int fija_opcion(int s, const struct opcion *o, const char *valor);

/* As words of the command line, "TCP_NODELAY=1": for the programs that show what an
 * option does. For their usage: */
#define OPCIONES_FORMA "[opcion=valor]..."
enum { TODOS = -1 };

/* Ends the program with status 2 unless each of the n words is an option with a value
 * of its kind. */
void examina_opciones(int n, char **palabra);
/* Sets them, or those of one level: an accepted connection has to be told again what is
 * no lasting option, as TCP_QUICKACK. Ends the program when the system refuses one. */
void fija_opciones(int s, int n, char **palabra, int nivel);
/* A line for each: what was asked for, and what the system says it is now. */
void informa_opciones(int s, int n, char **palabra);

#endif
