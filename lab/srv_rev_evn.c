/* Reverse server, event-driven: one thread, poll(), non-blocking sockets. Each
 * client is a small state machine:
 *
 *	      4 bytes of length        the data are all here
 *	LEE_TAM ---------------> LEE_DATO ---------------> ENVIA
 *	   ^                                                 |
 *	   +------------------- all sent --------------------+
 *
 * and asks poll() for POLLIN in the first two, for POLLOUT in the last. Entry 0
 * of the poll table is the listening socket; entry i belongs to cliente[i].
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Most bytes moved for one client before the others have their turn. */
enum { TURNO = 1024 * 1024 };

enum estado { LEE_TAM, LEE_DATO, ENVIA };

struct cliente {
	enum estado estado;
	uint32_t tam_red; /* the length as it comes, in network order */
	char *dato;	  /* of tam bytes; NULL in LEE_TAM */
	size_t tam;
	size_t hecho; /* bytes of the present state already moved */
};

static struct pollfd *espera;
static struct cliente *cliente;
static nfds_t usados, sitio;

static int sin_bloqueo(int s)
{
	int banderas = fcntl(s, F_GETFL, 0);

	return banderas < 0 ? -1 : fcntl(s, F_SETFL, banderas | O_NONBLOCK);
}

/* Room for one more in both tables. Returns 0 or -1 with errno. */
static int haz_sitio(void)
{
	nfds_t nuevo = sitio ? sitio * 2 : 64;
	void *p;

	if (usados < sitio)
		return 0;
	p = realloc(espera, nuevo * sizeof(*espera));
	if (!p)
		return -1;
	espera = p;
	p = realloc(cliente, nuevo * sizeof(*cliente));
	if (!p)
		return -1;
	cliente = p;
	sitio = nuevo;
	return 0;
}

static int agrega(int s, short eventos)
{
	if (haz_sitio() < 0 || sin_bloqueo(s) < 0)
		return -1;
	espera[usados] = (struct pollfd){ .fd = s, .events = eventos };
	cliente[usados] = (struct cliente){ .estado = LEE_TAM };
	usados++;
	return 0;
}

/* The last entry moves into the place of the one that goes. */
static void quita(nfds_t i)
{
	close(espera[i].fd);
	free(cliente[i].dato);
	usados--;
	espera[i] = espera[usados];
	cliente[i] = cliente[usados];
	/* Somebody left: if descriptors had run out, there is one again. */
	espera[0].events = POLLIN;
}

static void acepta_todos(void)
{
	for (;;) {
		int s = accept(espera[0].fd, NULL, NULL);

		if (s >= 0) {
			if (agrega(s, POLLIN) == 0)
				continue;
			avisa_errno("cliente nuevo");
			close(s);
			continue;
		}
		switch (errno) {
		case EINTR:
		case ECONNABORTED:
			continue;
		case EAGAIN:
			return;
		case EMFILE:
		case ENFILE:
		case ENOBUFS:
		case ENOMEM:
			avisa_errno("accept");
			/* Deaf until a client leaves, not spinning. */
			if (usados > 1)
				espera[0].events = 0;
			return;
		default:
			muere_errno("accept");
		}
	}
}

/* The state is complete: go to the next. Returns 0, or -1: the client goes. */
static int avanza(struct cliente *c, struct pollfd *p)
{
	c->hecho = 0;
	switch (c->estado) {
	case LEE_TAM:
		if (examina_tam(c->tam_red, &c->tam) < 0)
			return -1;
		c->dato = malloc(c->tam ? c->tam : 1);
		if (!c->dato) {
			avisa_errno("malloc");
			return -1;
		}
		c->estado = LEE_DATO;
		return 0;
	case LEE_DATO:
		revierte(c->dato, c->tam);
		c->estado = ENVIA;
		p->events = POLLOUT;
		return 0;
	case ENVIA:
		free(c->dato);
		c->dato = NULL;
		c->estado = LEE_TAM;
		p->events = POLLIN;
		return 0;
	}
	return -1;
}

/* What the present state has still to move: from or to where. Returns how many
 * bytes; 0 when the state is complete. */
static size_t falta(struct cliente *c, char **p)
{
	size_t total = c->estado == LEE_TAM ? sizeof(c->tam_red) : c->tam;
	char *dato = c->estado == LEE_TAM ? (char *)&c->tam_red : c->dato;

	*p = dato + c->hecho;
	return total - c->hecho;
}

/* One recv or send. Returns how many bytes, 0 when it would block, or -1: the
 * client goes, after telling why if it is not at its end. */
static ssize_t mueve(struct cliente *c, int s)
{
	char *p;
	size_t n = falta(c, &p);
	ssize_t r;

	do
		r = c->estado == ENVIA ? send(s, p, n, 0) : recv(s, p, n, 0);
	while (r < 0 && errno == EINTR);
	if (r > 0)
		return r;
	if (r < 0 && errno == EAGAIN)
		return 0;
	if (r < 0)
		avisa_errno(c->estado == ENVIA ? "send" : "recv");
	else if (c->estado != LEE_TAM || c->hecho)
		avisa("%s", dice("petición cortada", "request cut"));
	return -1;
}

/* Moves bytes while the socket lets itself. Returns 0, or -1: it goes. Leaves
 * no state complete: nothing more may come to wake it. */
static int atiende(nfds_t i)
{
	struct cliente *c = &cliente[i];
	size_t movido = 0;
	char *p;

	while (movido < TURNO) {
		ssize_t r = mueve(c, espera[i].fd);

		if (r <= 0)
			return (int)r;
		c->hecho += (size_t)r;
		movido += (size_t)r;
		while (falta(c, &p) == 0)
			if (avanza(c, &espera[i]) < 0)
				return -1;
	}
	return 0;
}

static const struct programa programa = { .forma = "puerto",
	.es = "Servidor que da la vuelta, basado en eventos.",
	.en = "Reverse server, driven by events.",
	.min = 1, .max = 1 };

int main(int argc, char **argv)
{
	comienza(argc, argv, &programa);
	if (agrega(escucha(argv[1], SOMAXCONN), POLLIN) < 0)
		muere_errno("socket de escucha");
	for (;;) {
		if (poll(espera, usados, -1) < 0) {
			if (errno == EINTR)
				continue;
			muere_errno("poll");
		}
		/* Downwards: quita() moves only entries already seen. */
		for (nfds_t i = usados - 1; i > 0; i--)
			if (espera[i].revents && atiende(i) < 0)
				quita(i);
		if (espera[0].revents)
			acepta_todos();
	}
}
