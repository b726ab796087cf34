/* Client of the reverse service: sends each file with its length before it,
 * over one connection, and writes the answers to standard output.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* All of both pieces: writev may stop anywhere, in either. */
static int envia_piezas(int s, struct iovec *iov, int n)
{
	while (n > 0) {
		ssize_t r = writev(s, iov, n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		for (; n > 0 && (size_t)r >= iov->iov_len; iov++, n--)
			r -= (ssize_t)iov->iov_len;
		if (n > 0) {
			iov->iov_base = (char *)iov->iov_base + r;
			iov->iov_len -= (size_t)r;
		}
	}
	return 0;
}

static void pide(int s, const char *fichero)
{
	struct iovec iov[2];
	void *p = NULL;
	uint32_t tamn;
	struct stat st;
	ssize_t leido;
	size_t tam;
	int f;

	f = open(fichero, O_RDONLY);
	if (f < 0 || fstat(f, &st) < 0)
		muere_errno(fichero);
	if (!S_ISREG(st.st_mode))
		muere("%s: no es un fichero regular", fichero);
	if (st.st_size > TAM_MAX)
		muere("%s: demasiado grande (máximo %d bytes)", fichero,
			TAM_MAX);
	tam = (size_t)st.st_size;
	/* An empty file cannot be mapped; its request is a length of 0. */
	if (tam > 0) {
		p = mmap(NULL, tam, PROT_READ | PROT_WRITE, MAP_PRIVATE, f, 0);
		if (p == MAP_FAILED)
			muere_errno("mmap");
	}
	close(f);

	tamn = htonl((uint32_t)tam);
	iov[0].iov_base = &tamn;
	iov[0].iov_len = sizeof(tamn);
	iov[1].iov_base = p;
	iov[1].iov_len = tam;
	if (envia_piezas(s, iov, tam > 0 ? 2 : 1) < 0)
		muere_errno("writev");
	leido = recibe_todo(s, p, tam);
	if (leido < 0)
		muere_errno("recv");
	if ((size_t)leido < tam)
		muere("respuesta cortada: %zd de %zu bytes", leido, tam);
	if (escribe_todo(STDOUT_FILENO, p, tam) < 0)
		muere_errno("write");
	if (p)
		munmap(p, tam);
}

int main(int argc, char **argv)
{
	int s;

	comienza(argv);
	if (argc < 4)
		muere("uso: cln_rev maquina puerto fichero...");
	s = conecta(argv[1], argv[2]);
	for (int i = 3; i < argc; i++)
		pide(s, argv[i]);
	close(s);
	return 0;
}
