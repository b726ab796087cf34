/* Sends datagrams of that size. Nobody need be there: that is seen later, if at
 * all (an ICMP answer makes ECONNREFUSED of a later call, on a connected
 * socket). Larger than a datagram may be, 65,507 bytes over IPv4, is EMSGSIZE.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static const struct programa programa = {
	.forma = "maquina puerto tam_enviar [veces]",
	.es = "Envía datagramas de ese tamaño.",
	.en = "Sends datagrams of that size.",
	.min = 3, .max = 4 };

int main(int argc, char **argv)
{
	struct addrinfo *lista;
	long veces = 1;
	size_t tam;
	char *buf;
	int s;

	argc = comienza(argc, argv, &programa);
	tam = (size_t)numero(argv[3], 0, TAM_MAX, "tam_enviar");
	if (argc > 4)
		veces = numero(argv[4], 0, 1000000, "veces");
	buf = mensaje(tam);
	lista = direcciones(argv[1], argv[2], SOCK_DGRAM, 0);
	s = socket(lista->ai_family, lista->ai_socktype, lista->ai_protocol);
	if (s < 0)
		muere_errno("socket");
	for (long i = 0; i < veces; i++) {
		ssize_t r;

		paso("sendto");
		do
			r = sendto(s, buf, tam, 0, lista->ai_addr,
				lista->ai_addrlen);
		while (r < 0 && errno == EINTR);
		if (r < 0)
			muere_errno("sendto");
		informa(dice("enviado %zd", "sent %zd"), r);
	}
	freeaddrinfo(lista);
	free(buf);
	close(s);
	return 0;
}
