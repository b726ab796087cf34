/* What the laboratory programs share; see comun.h.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

ssize_t recibe_todo(int s, void *buf, size_t n)
{
	size_t hecho = 0;

	/* MSG_WAITALL may return less: a signal, or the end of the data. */
	while (hecho < n) {
		ssize_t r = recv(s, (char *)buf + hecho, n - hecho, MSG_WAITALL);

		if (r == 0)
			break;
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		hecho += (size_t)r;
	}
	return (ssize_t)hecho;
}

int envia_todo(int s, const void *buf, size_t n)
{
	return envia_todo_con(s, buf, n, 0);
}

int envia_todo_con(int s, const void *buf, size_t n, int banderas)
{
	for (size_t hecho = 0; hecho < n;) {
		ssize_t r = send(s, (const char *)buf + hecho, n - hecho,
			banderas);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		hecho += (size_t)r;
	}
	return 0;
}

int escribe_todo(int fd, const void *buf, size_t n)
{
	for (size_t hecho = 0; hecho < n;) {
		ssize_t r = write(fd, (const char *)buf + hecho, n - hecho);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		hecho += (size_t)r;
	}
	return 0;
}

size_t avanza_piezas(struct iovec **iov, size_t n, size_t hecho)
{
	for (; n > 0 && hecho >= (*iov)->iov_len; (*iov)++, n--)
		hecho -= (*iov)->iov_len;
	if (n > 0) {
		(*iov)->iov_base = (char *)(*iov)->iov_base + hecho;
		(*iov)->iov_len -= hecho;
	}
	return n;
}

int envia_piezas(int s, struct iovec *iov, size_t n)
{
	while (n > 0) {
		ssize_t r = writev(s, iov, (int)n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		n = avanza_piezas(&iov, n, (size_t)r);
	}
	return 0;
}

void revierte(char *dato, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		char c = dato[i];

		dato[i] = dato[n - 1 - i];
		dato[n - 1 - i] = c;
	}
}

int examina_tam(uint32_t tam_red, size_t *tam)
{
	uint32_t n = ntohl(tam_red);

	/* A negative int of the client is a huge number here. */
	if (n > TAM_MAX) {
		avisa(dice("petición de %ld bytes rechazada (máximo %d)",
				"request of %ld bytes refused (at most %d)"),
			(long)(int32_t)n, TAM_MAX);
		return -1;
	}
	*tam = n;
	return 0;
}

static int escucha_en(int s, const void *dir, socklen_t tam, int cola)
{
	int si = 1;

	/* A server started again need not wait for the TIME-WAIT of the last. */
	if (setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &si, sizeof(si)) < 0)
		muere_errno("setsockopt");
	paso("bind");
	if (bind(s, dir, tam) < 0)
		muere_errno("bind");
	paso("listen");
	if (listen(s, cola) < 0)
		muere_errno("listen");
	return s;
}

int escucha(const char *puerto, int cola)
{
	struct sockaddr_in dir = { .sin_family = AF_INET };
	long n = numero(puerto, 0, 65535, "puerto");
	int s;

	s = socket(AF_INET, SOCK_STREAM, 0);
	if (s < 0)
		muere_errno("socket");
	dir.sin_addr.s_addr = htonl(INADDR_ANY);
	dir.sin_port = htons((uint16_t)n);
	return escucha_en(s, &dir, sizeof(dir), cola);
}

int escucha_ipv6(const char *puerto, int cola, int solo_ipv6)
{
	struct sockaddr_in6 dir = { .sin6_family = AF_INET6,
		.sin6_addr = in6addr_any };
	long n = numero(puerto, 0, 65535, "puerto");
	int s;

	s = socket(AF_INET6, SOCK_STREAM, 0);
	if (s < 0)
		muere_errno("socket");
	if (setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &solo_ipv6,
			sizeof(solo_ipv6)) < 0)
		muere_errno("IPV6_V6ONLY");
	dir.sin6_port = htons((uint16_t)n);
	return escucha_en(s, &dir, sizeof(dir), cola);
}

int acepta(int s, struct sockaddr_storage *dir, socklen_t *tam_dir)
{
	const struct timespec pausa = { .tv_nsec = 100 * 1000 * 1000 };

	for (;;) {
		int c;

		*tam_dir = sizeof(*dir);
		c = accept(s, (struct sockaddr *)dir, tam_dir);
		if (c >= 0)
			return c;
		switch (errno) {
		case EINTR:
		case ECONNABORTED:
			continue;
		case EAGAIN:
			return -1;
		case EMFILE:
		case ENFILE:
		case ENOBUFS:
		case ENOMEM:
			/* Clients that leave make room; until then, wait. */
			avisa_errno("accept");
			nanosleep(&pausa, NULL);
			continue;
		default:
			muere_errno("accept");
		}
	}
}

int acepta_e_informa(int s)
{
	struct sockaddr_storage dir;
	struct nombre nombre;
	socklen_t tam_dir;
	int s_conec;

	paso("accept");
	s_conec = acepta(s, &dir, &tam_dir);
	nombra(&dir, tam_dir, &nombre);
	informa(dice("conexión de %s:%s", "connection from %s:%s"),
		nombre.maquina, nombre.puerto);
	return s_conec;
}

void sirve_receptor(char **argv, void recibe(int s_conec, char *buf, size_t tam))
{
	/* Of nothing nothing is read: 0 would look like the end. */
	size_t tam = (size_t)numero(argv[2], 1, TAM_MAX, "tam");
	char *buf = malloc(tam);
	int s;

	if (!buf)
		muere_errno("malloc");
	s = escucha(argv[1], 2);
	for (;;)
		recibe(acepta_e_informa(s), buf, tam);
}

void recibe_bloques(int s_conec, char *buf, size_t tam,
	ssize_t lee(int s, void *buf, size_t n), const char *que)
{
	unsigned long long total = 0;
	ssize_t leido;

	while ((leido = lee(s_conec, buf, tam)) > 0) {
		informa(dice("leído %zd", "read %zd"), leido);
		total += (unsigned long long)leido;
	}
	/* ECONNRESET: the sender has gone and left something unread, or died. */
	if (leido < 0)
		avisa_errno(que);
	informa("total %llu", total);
	close(s_conec);
}

char *mensaje(size_t n)
{
	char *m = malloc(n ? n : 1);

	if (!m)
		muere_errno("malloc");
	for (size_t i = 0; i < n; i++)
		m[i] = (char)('a' + i % 26);
	return m;
}

/* One request. Returns 1 when served, 0 when the client has left or must go. */
static int sirve_peticion(int s_conec)
{
	uint32_t tam_red;
	ssize_t leido;
	char *dato;
	size_t tam;
	int bien;

	leido = recibe_todo(s_conec, &tam_red, sizeof(tam_red));
	if (leido < 0)
		avisa_errno("recv");
	else if (leido > 0 && leido < (ssize_t)sizeof(tam_red))
		avisa("%s", dice("petición cortada en su longitud",
			"request cut in its length"));
	if (leido != (ssize_t)sizeof(tam_red) || examina_tam(tam_red, &tam) < 0)
		return 0;
	dato = malloc(tam ? tam : 1);
	if (!dato) {
		avisa_errno("malloc");
		return 0;
	}
	leido = recibe_todo(s_conec, dato, tam);
	bien = leido == (ssize_t)tam;
	if (leido < 0)
		avisa_errno("recv");
	else if (!bien)
		avisa(dice("petición cortada: %zd de %zu bytes",
				"request cut: %zd of %zu bytes"),
			leido, tam);
	if (bien) {
		revierte(dato, tam);
		bien = envia_todo(s_conec, dato, tam) == 0;
		if (!bien)
			avisa_errno("send");
	}
	free(dato);
	return bien;
}

void sirve_rev(int s_conec)
{
	while (sirve_peticion(s_conec))
		;
	close(s_conec);
}

struct addrinfo *direcciones(const char *maquina, const char *puerto, int tipo,
	int banderas)
{
	struct addrinfo pide = { .ai_family = AF_UNSPEC }, *lista;
	int e;

	pide.ai_socktype = tipo;
	pide.ai_flags = banderas;
	e = getaddrinfo(maquina, puerto, &pide, &lista);
	if (e)
		muere("%s %s: %s", maquina ? maquina : "*", puerto,
			gai_strerror(e));
	return lista;
}

int conecta(const char *maquina, const char *puerto)
{
	struct addrinfo *lista = direcciones(maquina, puerto, SOCK_STREAM, 0);
	int s = -1;

	for (const struct addrinfo *a = lista; a; a = a->ai_next) {
		s = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
		if (s < 0)
			continue;
		paso("connect");
		if (connect(s, a->ai_addr, a->ai_addrlen) == 0)
			break;
		/* A socket whose connect failed is of no further use. */
		int guardado = errno;
		close(s);
		errno = guardado;
		s = -1;
	}
	if (s < 0)
		muere_errno("connect");
	freeaddrinfo(lista);
	return s;
}

int asocia(const char *maquina, const char *puerto, int tipo)
{
	struct addrinfo *lista = direcciones(maquina, puerto, tipo, AI_PASSIVE);
	int s = -1, si = 1;

	for (const struct addrinfo *a = lista; a; a = a->ai_next) {
		s = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
		if (s < 0)
			continue;
		if (tipo == SOCK_STREAM && setsockopt(s, SOL_SOCKET,
				SO_REUSEADDR, &si, sizeof(si)) < 0)
			muere_errno("setsockopt");
		if (bind(s, a->ai_addr, a->ai_addrlen) == 0)
			break;
		int guardado = errno;
		close(s);
		errno = guardado;
		s = -1;
	}
	if (s < 0)
		muere_errno("bind");
	freeaddrinfo(lista);
	return s;
}

void nombra(const struct sockaddr_storage *dir, socklen_t tam,
	struct nombre *nombre)
{
	int e = getnameinfo((const struct sockaddr *)dir, tam, nombre->maquina,
		sizeof(nombre->maquina), nombre->puerto, sizeof(nombre->puerto),
		NI_NUMERICHOST | NI_NUMERICSERV);

	if (e)
		muere("getnameinfo: %s", gai_strerror(e));
}
