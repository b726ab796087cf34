/* Accepts connections by a port and reads them to their end, with the options that
 * are given, and tells how long that took. TCP_QUICKACK=0 lets acknowledgments wait for
 * something to travel with (delayed ACK: RFC 1122, 4.2.3.2; at most 500 ms, in
 * Linux 40 to 200), TCP_QUICKACK=1 sends them at once. SO_RCVBUF=n is how much may wait to
 * be read. Unlike the other servers here it sets SO_REUSEADDR only when told to.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"
#include "comun/opciones.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const struct programa programa = {
	.forma = "puerto tam_recibir " OPCIONES_FORMA,
	.es = "Lee de cada conexión hasta su fin, con esas opciones.",
	.en = "Reads each connection to its end, with these options.",
	.min = 2, .max = -1 };

static double segundos(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int escucha_con(const char *puerto, int n, char **opcion)
{
	struct sockaddr_in dir = { .sin_family = AF_INET };
	int s = socket(AF_INET, SOCK_STREAM, 0);

	if (s < 0)
		muere_errno("socket");
	dir.sin_addr.s_addr = htonl(INADDR_ANY);
	dir.sin_port = htons((uint16_t)numero(puerto, 0, 65535, "puerto"));
	fija_opciones(s, n, opcion, TODOS);
	informa_opciones(s, n, opcion);
	paso("bind");
	if (bind(s, (struct sockaddr *)&dir, sizeof(dir)) < 0)
		muere_errno("bind");
	paso("listen");
	if (listen(s, SOMAXCONN) < 0)
		muere_errno("listen");
	return s;
}

static void lee(int s_conec, char *buf, size_t tam)
{
	unsigned long long total = 0;
	double desde = 0;
	ssize_t leido;

	for (;;) {
		leido = recv(s_conec, buf, tam, 0);
		if (leido < 0 && errno == EINTR)
			continue;
		if (leido <= 0)
			break;
		if (total == 0)
			desde = segundos();
		total += (unsigned long long)leido;
	}
	if (leido < 0)
		avisa_errno("recv");
	informa(dice("total %llu en %.6f s", "total %llu in %.6f s"), total,
		total ? segundos() - desde : 0.0);
}

int main(int argc, char **argv)
{
	size_t tam;
	char *buf;
	int s;

	argc = comienza(argc, argv, &programa);
	tam = (size_t)numero(argv[2], 1, TAM_MAX, "tam_recibir");
	examina_opciones(argc - 3, argv + 3);
	buf = malloc(tam);
	if (!buf)
		muere_errno("malloc");
	s = escucha_con(argv[1], argc - 3, argv + 3);
	for (;;) {
		int s_conec = acepta_e_informa(s);

		fija_opciones(s_conec, argc - 3, argv + 3, IPPROTO_TCP);
		paso("recv");
		lee(s_conec, buf, tam);
		close(s_conec);
	}
}
