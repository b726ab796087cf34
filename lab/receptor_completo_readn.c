/* Receives blocks of exactly that size, with a loop that asks for what is still
 * missing: the popular readn(). Only the last block may be shorter.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static const struct programa programa = { .forma = "puerto tam",
	.es = "Recibe bloques completos de ese tamaño, con readn.",
	.en = "Receives whole blocks of that size, by readn.",
	.min = 2, .max = 2 };

/* Returns how many bytes: fewer than n only at the end; or -1 with errno. */
static ssize_t readn(int fd, void *buf, size_t n)
{
	size_t hecho = 0;

	while (hecho < n) {
		ssize_t r = read(fd, (char *)buf + hecho, n - hecho);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		if (r == 0)
			break;
		hecho += (size_t)r;
	}
	return (ssize_t)hecho;
}

static void recibe(int s_conec, char *buf, size_t tam)
{
	unsigned long long total = 0;
	ssize_t leido;

	while ((leido = readn(s_conec, buf, tam)) > 0) {
		informa(dice("leído %zd", "read %zd"), leido);
		total += (unsigned long long)leido;
	}
	if (leido < 0)
		avisa_errno("read");
	informa("total %llu", total);
	close(s_conec);
}

int main(int argc, char **argv)
{
	size_t tam;
	char *buf;
	int s;

	comienza(argc, argv, &programa);
	tam = (size_t)numero(argv[2], 1, TAM_MAX, "tam");
	buf = malloc(tam);
	if (!buf)
		muere_errno("malloc");
	s = escucha(argv[1], 2);
	for (;;)
		recibe(acepta_e_informa(s), buf, tam);
}
