/* Reverse server, event-driven: one thread, non-blocking sockets, and one place
 * where it waits, for all of them: select(), poll() or epoll (eventos.h). Each
 * client is a small state machine:
 *
 *	      4 bytes of length        the data are all here
 *	LEE_TAM ---------------> LEE_DATO ---------------> ENVIA
 *	   ^                                                 |
 *	   +------------------- all sent --------------------+
 *
 * By level (nivel) it asks to be told when it can read in the first two, when it
 * can write in the last: a socket that can be written nearly always can, and
 * would be told of for ever. By edge (flanco) it asks once for both, and then may
 * not stop before EAGAIN: nothing would wake it again. So who has had his turn and
 * could go on stands in a queue of our own.
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"
#include "comun/eventos.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Most bytes moved for one client before the others have their turn. */
enum { TURNO = 1024 * 1024, AVISOS = 64 };

enum estado { LEE_TAM, LEE_DATO, ENVIA };

struct cliente {
	int s;
	enum estado estado;
	uint32_t tam_red; /* the length as it comes, in network order */
	char *dato;	  /* of tam bytes; NULL in LEE_TAM */
	size_t tam;
	size_t hecho; /* bytes of the present state already moved */
	int en_cola;
	struct cliente *sig;
};

static const struct eventos *ev = &eventos_epoll;
static int flanco, s_escucha, sordo;
static struct cliente **cliente; /* by descriptor */
static int sitio;
/* Who has had his turn and could go on: the first, and where the next goes. */
static struct cliente *cola, **fin_cola = &cola;

static int sin_bloqueo(int s)
{
	int banderas = fcntl(s, F_GETFL, 0);

	return banderas < 0 ? -1 : fcntl(s, F_SETFL, banderas | O_NONBLOCK);
}

/* Room for descriptor s in the table. Returns 0 or -1 with errno. */
static int haz_sitio(int s)
{
	int nuevo = s * 2 + 64;
	void *p;

	if (s < sitio)
		return 0;
	p = realloc(cliente, (size_t)nuevo * sizeof(*cliente));
	if (!p)
		return -1;
	cliente = p;
	memset(cliente + sitio, 0, (size_t)(nuevo - sitio) * sizeof(*cliente));
	sitio = nuevo;
	return 0;
}

static int agrega(int s)
{
	struct cliente *c;

	if (haz_sitio(s) < 0 || sin_bloqueo(s) < 0)
		return -1;
	c = calloc(1, sizeof(*c));
	if (!c)
		return -1;
	c->s = s;
	if (ev->agrega(s, EV_LEER | (flanco ? EV_ESCRIBIR : 0)) < 0) {
		free(c);
		return -1;
	}
	cliente[s] = c;
	return 0;
}

/* Whether new connections are told of. */
static void escucha_o_no(int si)
{
	if (sordo == !si)
		return;
	sordo = !si;
	if (ev->cambia(s_escucha, si ? EV_LEER : 0) < 0)
		muere_errno(ev->nombre);
}

static void quita(struct cliente *c)
{
	ev->quita(c->s);
	cliente[c->s] = NULL;
	close(c->s);
	free(c->dato);
	free(c);
	/* Somebody left: if descriptors had run out, there is one again. */
	escucha_o_no(1);
}

static int hay_clientes(void)
{
	for (int i = 0; i < sitio; i++)
		if (cliente[i])
			return 1;
	return 0;
}

static void acepta_todos(void)
{
	for (;;) {
		int s = accept(s_escucha, NULL, NULL);

		if (s >= 0) {
			if (agrega(s) == 0)
				continue;
			avisa_errno(dice("cliente nuevo", "new client"));
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
			if (hay_clientes())
				escucha_o_no(0);
			return;
		default:
			muere_errno("accept");
		}
	}
}

/* By level: what the new state waits for. */
static int pide(struct cliente *c, int que)
{
	if (flanco || ev->cambia(c->s, que) == 0)
		return 0;
	avisa_errno(ev->nombre);
	return -1;
}

/* The state is complete: go to the next. Returns 0, or -1: the client goes. */
static int avanza(struct cliente *c)
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
		return pide(c, EV_ESCRIBIR);
	case ENVIA:
		free(c->dato);
		c->dato = NULL;
		c->estado = LEE_TAM;
		return pide(c, EV_LEER);
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
static ssize_t mueve(struct cliente *c)
{
	char *p;
	size_t n = falta(c, &p);
	ssize_t r;

	do
		r = c->estado == ENVIA ? send(c->s, p, n, 0) :
					 recv(c->s, p, n, 0);
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
static int atiende(struct cliente *c)
{
	size_t movido = 0;
	char *p;

	while (movido < TURNO) {
		ssize_t r = mueve(c);

		if (r <= 0)
			return (int)r;
		c->hecho += (size_t)r;
		movido += (size_t)r;
		while (falta(c, &p) == 0)
			if (avanza(c) < 0)
				return -1;
	}
	/* By level it will be told of again. */
	if (flanco && !c->en_cola) {
		c->en_cola = 1;
		c->sig = NULL;
		*fin_cola = c;
		fin_cola = &c->sig;
	}
	return 0;
}

/* Each one in the queue has one more turn; who needs another stands behind. */
static void atiende_cola(void)
{
	struct cliente *c = cola, *sig;

	cola = NULL;
	fin_cola = &cola;
	for (; c; c = sig) {
		sig = c->sig;
		c->en_cola = 0;
		if (atiende(c) < 0)
			quita(c);
	}
}

static void sirve_eventos(void)
{
	struct aviso avisos[AVISOS];
	int n = ev->espera(avisos, AVISOS, cola ? 0 : -1);

	if (n < 0 && errno != EINTR)
		muere_errno(ev->nombre);
	for (int i = 0; i < n; i++) {
		struct cliente *c;

		if (avisos[i].fd == s_escucha) {
			acepta_todos();
			continue;
		}
		c = cliente[avisos[i].fd];
		/* In the queue: its turn comes there. */
		if (c && !c->en_cola && atiende(c) < 0)
			quita(c);
	}
	atiende_cola();
}

static void elige_modo(int argc, char **argv)
{
	static const char *const forma[] = { "epoll", "poll", "select", NULL };
	static const char *const modo[] = { "nivel", "flanco", NULL };
	static const struct eventos *const todos[] = { &eventos_epoll,
		&eventos_poll, &eventos_select };

	if (argc > 2)
		ev = todos[elige(argv[2], forma, "espera")];
	if (argc > 3)
		flanco = elige(argv[3], modo, "modo");
	if (flanco && ev != &eventos_epoll) {
		avisa(dice("%s solo avisa por nivel", "%s tells by level only"),
			ev->nombre);
		exit(2);
	}
}

static const struct programa programa = {
	.forma = "puerto [epoll|poll|select [nivel|flanco]]",
	.es = "Servidor que da la vuelta, basado en eventos.",
	.en = "Reverse server, driven by events.",
	.min = 1, .max = 3 };

int main(int argc, char **argv)
{
	argc = comienza(argc, argv, &programa);
	elige_modo(argc, argv);
	if (ev->abre(flanco) < 0)
		muere_errno(ev->nombre);
	s_escucha = escucha(argv[1], SOMAXCONN);
	if (sin_bloqueo(s_escucha) < 0 || ev->agrega(s_escucha, EV_LEER) < 0)
		muere_errno(dice("socket de escucha", "listening socket"));
	for (;;)
		sirve_eventos();
}
