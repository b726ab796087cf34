/* Client of the reverse service: sends each file with its length before it,
 * over one connection, and writes the answers to standard output.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

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
		muere(dice("%s: no es un fichero regular",
			"%s: not a regular file"), fichero);
	if (st.st_size > TAM_MAX)
		muere(dice("%s: demasiado grande (máximo %d bytes)",
			"%s: too big (at most %d bytes)"), fichero, TAM_MAX);
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
		muere(dice("respuesta cortada: %zd de %zu bytes",
			"answer cut: %zd of %zu bytes"), leido, tam);
	if (escribe_todo(STDOUT_FILENO, p, tam) < 0)
		muere_errno("write");
	if (p)
		munmap(p, tam);
}

static const struct programa programa = { .forma = "maquina puerto fichero...",
	.es = "Pide cada fichero al revés, por una sola conexión.",
	.en = "Asks for each file backwards, over one connection.",
	.min = 3, .max = -1 };

int main(int argc, char **argv)
{
	int s;

	argc = comienza(argc, argv, &programa);
	s = conecta(argv[1], argv[2]);
	for (int i = 3; i < argc; i++)
		pide(s, argv[i]);
	close(s);
	return 0;
}
