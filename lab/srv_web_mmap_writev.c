/* Web server that maps the file: the system's buffer is seen in our memory, so
 * read()'s copy is spared; writev() sends header and file by one call. Only one
 * copy is left, into the socket's buffer.
 *
 * A map begins at a page's border: a range that does not is a few bytes in. And
 * if somebody cuts the file meanwhile, its pages beyond the end are no memory any
 * more: touching them is SIGBUS, but it is the system that touches them, within
 * writev(), which then is EFAULT (or sends less).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/web.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

/* One call does it, but for a slow client or a file of 2 GiB. */
static int envia_con_ritmo(int s, struct iovec *iov, size_t n, struct parte *parte)
{
	off_t hecho = -(off_t)iov[0].iov_len; /* of the file: the header is not */

	while (n > 0) {
		ssize_t r = writev(s, iov, (int)n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		hecho += r;
		n = avanza_piezas(&iov, n, (size_t)r);
		if (lleva_ritmo(parte, hecho) < 0)
			return -1;
	}
	return 0;
}

static int envia(int s, const char *cabecera, size_t n, struct parte *parte)
{
	off_t antes = parte->desde % (off_t)sysconf(_SC_PAGESIZE);
	size_t tam = (size_t)(parte->tam + antes);
	struct iovec iov[2];
	char *p;
	int r;

	if (parte->tam == 0) /* mmap() of nothing is EINVAL */
		return envia_todo(s, cabecera, n);
	p = mmap(NULL, tam, PROT_READ, MAP_PRIVATE, parte->f,
		parte->desde - antes);
	if (p == MAP_FAILED)
		return -1;
	iov[0].iov_base = (char *)(uintptr_t)cabecera;
	iov[0].iov_len = n;
	iov[1].iov_base = p + antes;
	iov[1].iov_len = (size_t)parte->tam;
	r = envia_con_ritmo(s, iov, 2, parte);
	munmap(p, tam);
	return r;
}

static const struct programa programa = { .forma = WEB_FORMA,
	.es = "Servidor web que envía los ficheros con mmap y writev.",
	.en = "Web server that sends files by mmap and writev.",
	.min = 1, .max = 4 };

int main(int argc, char **argv)
{
	argc = comienza(argc, argv, &programa);
	return sirve_web(argc, argv, envia);
}
