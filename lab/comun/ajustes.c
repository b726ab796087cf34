/* Options of sockets as words; see ajustes.h.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ajustes.h"

#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "programa.h"

struct ajuste {
	const char *nombre;
	int nivel;
	int opcion;
};

/* nodelay: no Nagle, small segments need not wait for an acknowledgment.
 * quickack: acknowledge at once (1) or, as a talker would, with what is sent (0).
 * sndbuf, rcvbuf: Linux keeps twice what is asked, for its own bookkeeping.
 * reuseaddr: bind although connections of an earlier server are in TIME-WAIT. */
static const struct ajuste ajustes[] = {
	{ "nodelay", IPPROTO_TCP, TCP_NODELAY },
	{ "quickack", IPPROTO_TCP, TCP_QUICKACK },
	{ "sndbuf", SOL_SOCKET, SO_SNDBUF },
	{ "rcvbuf", SOL_SOCKET, SO_RCVBUF },
	{ "reuseaddr", SOL_SOCKET, SO_REUSEADDR },
};

/* The option of one word, and its value. */
static const struct ajuste *entiende(const char *palabra, int *valor)
{
	const char *igual = strchr(palabra, '=');

	for (size_t i = 0; igual && i < sizeof(ajustes) / sizeof(*ajustes); i++) {
		const struct ajuste *a = &ajustes[i];

		if (strlen(a->nombre) != (size_t)(igual - palabra) ||
			strncmp(palabra, a->nombre, strlen(a->nombre)) != 0)
			continue;
		*valor = (int)numero(igual + 1, 0, INT_MAX, a->nombre);
		return a;
	}
	avisa(dice("ajuste desconocido: %s", "unknown option: %s"), palabra);
	exit(2);
}

void examina_ajustes(int n, char **palabra)
{
	int valor;

	for (int i = 0; i < n; i++)
		entiende(palabra[i], &valor);
}

static void pon(int s, const struct ajuste *a, int valor)
{
	if (setsockopt(s, a->nivel, a->opcion, &valor, sizeof(valor)) < 0)
		muere_errno(a->nombre);
}

void ajusta(int s, int n, char **palabra)
{
	for (int i = 0; i < n; i++) {
		int valor;
		const struct ajuste *a = entiende(palabra[i], &valor);

		pon(s, a, valor);
	}
}

void ajusta_tcp(int s, int n, char **palabra)
{
	for (int i = 0; i < n; i++) {
		int valor;
		const struct ajuste *a = entiende(palabra[i], &valor);

		if (a->nivel == IPPROTO_TCP)
			pon(s, a, valor);
	}
}

void informa_ajustes(int s, int n, char **palabra)
{
	for (int i = 0; i < n; i++) {
		int pedido, tiene;
		socklen_t tam = sizeof(tiene);
		const struct ajuste *a = entiende(palabra[i], &pedido);

		if (getsockopt(s, a->nivel, a->opcion, &tiene, &tam) < 0)
			muere_errno(a->nombre);
		informa(dice("%s: pedido %d, tiene %d", "%s: asked %d, has %d"),
			a->nombre, pedido, tiene);
	}
}
