/* What the echo servers do with a client; see eco.h.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "eco.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One printf() and one flush for each line: so the lines of several threads, or
 * processes, stay whole. */
static void imprime(void)
{
	if (fflush(stdout) != 0)
		muere_errno("stdout");
}

void eco_saluda(const struct sockaddr_storage *addr, socklen_t addrlen)
{
	struct nombre nombre;

	nombra(addr, addrlen, &nombre);
	printf(dice("Conexión desde Host:%s Puerto:%s\n",
		"Connection from Host:%s Port:%s\n"), nombre.maquina,
		nombre.puerto);
	imprime();
}

void eco_flujo(int clisd)
{
	char buf[80 + 1];

	for (;;) {
		ssize_t c = recv(clisd, buf, 80, 0);

		if (c < 0 && errno == EINTR)
			continue;
		if (c < 0)
			avisa_errno("recv");
		if (c <= 0)
			return;
		buf[c] = '\0';
		printf(dice("\tMensaje: %s\n", "\tMessage: %s\n"), buf);
		imprime();
		if (envia_todo(clisd, buf, (size_t)c) < 0) {
			avisa_errno("send");
			return;
		}
	}
}

void eco_cliente(int clisd)
{
	struct sockaddr_storage addr;
	socklen_t addrlen = sizeof(addr);

	/* ENOTCONN: it has reset the connection already. */
	if (getpeername(clisd, (struct sockaddr *)&addr, &addrlen) == 0)
		eco_saluda(&addr, addrlen);
	eco_flujo(clisd);
	close(clisd);
}

void eco_pide(int s, const char *mensaje)
{
	size_t n = strlen(mensaje);
	char *eco = malloc(n + 1);
	ssize_t r;

	if (!eco)
		muere_errno("malloc");
	if (envia_todo(s, mensaje, n) < 0)
		muere_errno("send");
	r = recibe_todo(s, eco, n);
	if (r < 0)
		muere_errno("recv");
	if ((size_t)r < n)
		muere(dice("respuesta cortada: %zd de %zu bytes",
				"answer cut: %zd of %zu bytes"),
			r, n);
	eco[n] = '\0';
	printf(dice("Respuesta: %s\n", "Answer: %s\n"), eco);
	imprime();
	free(eco);
}

void eco_datagramas(int sd)
{
	struct sockaddr_storage addr;
	struct nombre nombre;
	socklen_t addrlen;
	char buf[80 + 1];

	for (;;) {
		ssize_t c;

		addrlen = sizeof(addr);
		c = recvfrom(sd, buf, 80, 0, (struct sockaddr *)&addr, &addrlen);
		if (c < 0 && errno == EINTR)
			continue;
		if (c < 0)
			muere_errno("recvfrom");
		buf[c] = '\0';
		nombra(&addr, addrlen, &nombre);
		printf(dice("Mensaje de %s:%s: %s\n",
			"Message of %s:%s: %s\n"), nombre.maquina,
			nombre.puerto, buf);
		imprime();
		/* One that cannot be answered is not the end of the server. */
		if (sendto(sd, buf, (size_t)c, 0, (struct sockaddr *)&addr,
				addrlen) < 0)
			avisa_errno("sendto");
	}
}
