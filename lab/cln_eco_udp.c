/* UDP echo client: sends each message and prints what comes back. connect()
 * fixes the remote address, so that "nobody at that port" comes back as an error
 * and not as silence. Datagrams may be lost and a name may have several
 * addresses: it tries each address in turn, three times in all.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { INTENTOS = 3, ESPERA_MS = 3000, TAM_MENSAJE = 80 };

/* Waits for the echo of mensaje and prints it; a late echo of an earlier try
 * is not taken for it. Returns 0, or -1 with errno. */
static int espera_eco(int sd, const char *mensaje, size_t n)
{
	struct pollfd p = { .fd = sd, .events = POLLIN };
	struct sockaddr_storage addr;
	struct nombre nombre;
	char buf[TAM_MENSAJE + 1];

	for (;;) {
		socklen_t addrlen = sizeof(addr);
		int r = poll(&p, 1, ESPERA_MS);
		ssize_t c;

		if (r < 0 && errno == EINTR)
			continue;
		if (r == 0)
			errno = ETIMEDOUT;
		if (r <= 0)
			return -1;
		c = recvfrom(sd, buf, TAM_MENSAJE, 0, (struct sockaddr *)&addr,
			&addrlen);
		if (c < 0 && errno == EINTR)
			continue;
		if (c < 0)
			return -1;
		if ((size_t)c != n || memcmp(buf, mensaje, n) != 0)
			continue;
		buf[c] = '\0';
		nombra(&addr, addrlen, &nombre);
		printf(dice("Respuesta de %s:%s: %s\n",
				"Answer of %s:%s: %s\n"), nombre.maquina,
			nombre.puerto, buf);
		return 0;
	}
}

/* Returns 0 when that address answered, or -1 with errno. */
static int prueba(const struct addrinfo *a, const char *mensaje, size_t n)
{
	int sd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
	int guardado;

	if (sd < 0)
		return -1;
	if (connect(sd, a->ai_addr, a->ai_addrlen) < 0 ||
		send(sd, mensaje, n, 0) < 0 || espera_eco(sd, mensaje, n) < 0) {
		guardado = errno;
		close(sd);
		errno = guardado;
		return -1;
	}
	close(sd);
	return 0;
}

/* Returns the address that answered, the one to begin with next time. */
static const struct addrinfo *envia(const struct addrinfo *lista,
	const struct addrinfo *primera, const char *mensaje)
{
	size_t n = strlen(mensaje);

	if (n > TAM_MENSAJE)
		n = TAM_MENSAJE;
	for (int i = 0; i < INTENTOS; i++) {
		for (const struct addrinfo *a = primera; a; a = a->ai_next)
			if (prueba(a, mensaje, n) == 0)
				return a;
		primera = lista;
	}
	muere_errno("sin respuesta");
}

static const struct programa programa = { .forma = "maquina puerto mensaje...",
	.es = "Envía cada mensaje en un datagrama y escribe la respuesta.",
	.en = "Sends each message in a datagram and prints the answer.",
	.min = 3, .max = -1 };

int main(int argc, char **argv)
{
	const struct addrinfo *a;
	struct addrinfo *lista;

	argc = comienza(argc, argv, &programa);
	lista = direcciones(argv[1], argv[2], SOCK_DGRAM, 0);
	a = lista;
	for (int i = 3; i < argc; i++)
		a = envia(lista, a, argv[i]);
	freeaddrinfo(lista);
	return 0;
}
