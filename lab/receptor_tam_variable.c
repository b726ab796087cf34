/* Receives two data of variable size: first the header with their lengths, then
 * as many bytes as they say. A sender that sends strlen() bytes of a string does
 * not send its end: the receiver adds the null character.
 *
 * The lengths are somebody else's word. The document's receiver gives them to
 * malloc(); this one takes them for lengths only when they are small enough.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <stdlib.h>
#include <unistd.h>

static const struct programa programa = { .forma = "puerto",
	.es = "Recibe dos datos de tamaño variable de cada conexión.",
	.en = "Receives two data of variable size from each connection.",
	.min = 1, .max = 1 };

/* A string of the datum; NULL, after telling why, when there is none. */
static char *recibe_dato(int s_conec, uint32_t tam_red)
{
	ssize_t leido;
	char *dato;
	size_t tam;

	if (examina_tam(tam_red, &tam) < 0)
		return NULL;
	dato = malloc(tam + 1);
	if (!dato) {
		avisa_errno("malloc");
		return NULL;
	}
	leido = recibe_todo(s_conec, dato, tam);
	if (leido == (ssize_t)tam) {
		dato[tam] = '\0';
		return dato;
	}
	if (leido < 0)
		avisa_errno("recv");
	else
		avisa(dice("dato cortado: %zd de %zu bytes",
				"datum cut: %zd of %zu bytes"),
			leido, tam);
	free(dato);
	return NULL;
}

static void recibe(int s_conec)
{
	char *dato1, *dato2 = NULL;
	struct cabecera cab;
	ssize_t leido = recibe_todo(s_conec, &cab, sizeof(cab));

	if (leido < 0)
		avisa_errno("recv");
	else if (leido < (ssize_t)sizeof(cab))
		avisa("%s", dice("cabecera cortada", "header cut"));
	if (leido != (ssize_t)sizeof(cab))
		return;
	dato1 = recibe_dato(s_conec, cab.long1);
	if (dato1)
		dato2 = recibe_dato(s_conec, cab.long2);
	if (dato2) {
		informa("dato1: %s", dato1);
		informa("dato2: %s", dato2);
	}
	free(dato1);
	free(dato2);
}

int main(int argc, char **argv)
{
	int s;

	comienza(argc, argv, &programa);
	s = escucha(argv[1], SOMAXCONN);
	for (;;) {
		int s_conec = acepta_e_informa(s);

		recibe(s_conec);
		close(s_conec);
	}
}
