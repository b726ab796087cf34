/* ping by a raw socket: the program makes the ICMP message itself, number and
 * checksum and all, and reads what ICMP the machine gets, with IPv4 the IP header
 * in front of it. Everybody's: it has to find its own answers among them.
 *
 * EPERM: raw sockets are root's (CAP_NET_RAW), for who has one can feign much.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DATOS = 48, ESPERA_MS = 10000, CABECERA = 8 };

/* ICMP and ICMPv6 echo messages have the same form (RFC 792, RFC 4443 4.1). */
struct eco {
	uint8_t tipo;
	uint8_t codigo;
	uint16_t suma;
	uint16_t ident;
	uint16_t secuencia;
	unsigned char datos[DATOS];
};

static const struct programa programa = { .forma = "maquina [veces]",
	.es = "ping con un socket raw.",
	.en = "ping by a raw socket.",
	.min = 1, .max = 2 };

static int familia;
static uint16_t ident;

static long long ahora_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

/* RFC 1071: the sum of the 16-bit words, carries added in, its complement. */
static uint16_t suma(const void *p, size_t n)
{
	const unsigned char *b = p;
	uint32_t s = 0;

	for (size_t i = 0; i + 1 < n; i += 2)
		s += (uint32_t)b[i] << 8 | b[i + 1];
	if (n % 2)
		s += (uint32_t)b[n - 1] << 8;
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return htons((uint16_t)~s);
}

static void envia_eco(int s, const struct addrinfo *a, uint16_t secuencia)
{
	struct eco e = { .tipo = ICMP_ECHO, .ident = ident,
		.secuencia = htons(secuencia) };

	for (int i = 0; i < DATOS; i++)
		e.datos[i] = (unsigned char)('a' + i % 26);
	/* The checksum of ICMPv6 covers addresses that only the system knows:
	 * it fills it in. */
	if (familia == AF_INET6)
		e.tipo = ICMP6_ECHO_REQUEST;
	else
		e.suma = suma(&e, sizeof(e));
	if (sendto(s, &e, sizeof(e), 0, a->ai_addr, a->ai_addrlen) < 0)
		muere_errno("sendto");
}

/* Where the ICMP message begins, of n bytes that have come; NULL when there is
 * none. */
static const unsigned char *icmp(const unsigned char *p, size_t *n, int *saltos)
{
	size_t cabecera;

	if (familia == AF_INET6)
		return *n >= CABECERA ? p : NULL;
	if (*n < sizeof(struct ip))
		return NULL;
	cabecera = (size_t)(p[0] & 0xf) * 4; /* with its options */
	*saltos = p[8];
	if (cabecera < sizeof(struct ip) || *n < cabecera + CABECERA)
		return NULL;
	*n -= cabecera;
	return p + cabecera;
}

/* Is it the answer to this one? */
static int es_respuesta(const unsigned char *p, size_t n, uint16_t secuencia)
{
	struct eco e;

	if (n != sizeof(e))
		return 0;
	memcpy(&e, p, sizeof(e));
	return e.tipo == (familia == AF_INET6 ? ICMP6_ECHO_REPLY :
						ICMP_ECHOREPLY) &&
		e.codigo == 0 && e.ident == ident &&
		ntohs(e.secuencia) == secuencia;
}

/* Returns 1 when the answer has come and been told. */
static int recibe_eco(int s, uint16_t secuencia, long long enviado)
{
	unsigned char buf[2048];
	struct sockaddr_storage dir;
	socklen_t tam = sizeof(dir);
	const unsigned char *p;
	struct nombre de;
	int saltos = 0;
	ssize_t r;
	size_t n;

	r = recvfrom(s, buf, sizeof(buf), 0, (struct sockaddr *)&dir, &tam);
	if (r < 0) {
		if (errno != EINTR)
			avisa_errno("recvfrom"); /* an error came by ICMP */
		return 0;
	}
	n = (size_t)r;
	p = icmp(buf, &n, &saltos);
	if (!p || !es_respuesta(p, n, secuencia))
		return 0;
	nombra(&dir, tam, &de);
	informa(dice("%zu bytes de %s: secuencia=%d tiempo=%.3f ms",
			"%zu bytes from %s: sequence=%d time=%.3f ms"),
		n, de.maquina, secuencia,
		(double)(ahora_us() - enviado) / 1000.0);
	return 1;
}

static int espera_eco(int s, uint16_t secuencia)
{
	long long enviado = ahora_us(), hasta = enviado + ESPERA_MS * 1000LL;
	struct pollfd p = { .fd = s, .events = POLLIN };

	for (;;) {
		long long queda = (hasta - ahora_us()) / 1000;

		if (queda < 0)
			return 0;
		if (poll(&p, 1, (int)queda + 1) > 0 &&
			recibe_eco(s, secuencia, enviado))
			return 1;
	}
}

static int abre(const struct addrinfo *a)
{
	struct icmp6_filter f;
	int s;

	familia = a->ai_family;
	s = socket(familia, SOCK_RAW, familia == AF_INET6 ? (int)IPPROTO_ICMPV6 :
							    (int)IPPROTO_ICMP);
	if (s < 0)
		muere_errno("socket");
	if (familia == AF_INET6) {
		/* Answers alone: neighbours' and routers' talk is not for us. */
		ICMP6_FILTER_SETBLOCKALL(&f);
		ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &f);
		if (setsockopt(s, IPPROTO_ICMPV6, ICMP6_FILTER, &f,
				sizeof(f)) < 0)
			muere_errno("ICMP6_FILTER");
	}
	return s;
}

int main(int argc, char **argv)
{
	long veces = 4, recibidos = 0;
	struct addrinfo *lista;
	int s;

	argc = comienza(argc, argv, &programa);
	if (argc > 2)
		veces = numero(argv[2], 1, 65535, "veces");
	/* Of a raw socket the port means nothing. */
	lista = direcciones(argv[1], "0", SOCK_DGRAM, 0);
	s = abre(lista);
	ident = (uint16_t)getpid();
	for (long i = 1; i <= veces; i++) {
		envia_eco(s, lista, (uint16_t)i);
		if (espera_eco(s, (uint16_t)i))
			recibidos++;
		else
			informa(dice("secuencia=%ld: sin respuesta",
				"sequence=%ld: no answer"), i);
		if (i < veces)
			poll(NULL, 0, 200);
	}
	informa(dice("enviados = %ld, recibidos = %ld, perdidos = %ld",
			"sent = %ld, received = %ld, lost = %ld"),
		veces, recibidos, veces - recibidos);
	freeaddrinfo(lista);
	close(s);
	return recibidos > 0 ? 0 : 1;
}
