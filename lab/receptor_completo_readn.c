/* Receives blocks of exactly that size, with a loop that asks for what is still
 * missing: the popular readn(). Only the last block may be shorter.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <errno.h>
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
	recibe_bloques(s_conec, buf, tam, readn, "read");
}

int main(int argc, char **argv)
{
	comienza(argc, argv, &programa);
	sirve_receptor(argv, recibe);
}
