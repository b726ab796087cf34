/* The three ways to wait for many descriptors; see eventos.h.
 *
 *	select()  three sets of bits that the call overwrites: filled in anew for
 *		  each call, gone through in full after it; numbers below 1,024.
 *	poll()	  a table that the call reads in full each time; any number.
 *	epoll	  the table stays in the system: it tells only who is ready, so that
 *		  a call costs what has happened, not what there is.
 *
 * "Level" (nivel) tells as long as something is ready, "edge" (flanco) when it
 * becomes so. With edges whoever does not read until EAGAIN hears no more.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "eventos.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/time.h>
#include <unistd.h>

/* --- select --- */

static fd_set leen, escriben;
static int mayor = -1, siguiente; /* where the next search begins */

static int select_abre(int flanco)
{
	if (flanco) {
		errno = EINVAL;
		return -1;
	}
	FD_ZERO(&leen);
	FD_ZERO(&escriben);
	return 0;
}

static int select_cambia(int fd, int que)
{
	if (que && fd > mayor)
		mayor = fd;
	if (que & EV_LEER)
		FD_SET(fd, &leen);
	else
		FD_CLR(fd, &leen);
	if (que & EV_ESCRIBIR)
		FD_SET(fd, &escriben);
	else
		FD_CLR(fd, &escriben);
	return 0;
}

static int select_agrega(int fd, int que)
{
	/* FD_SET() beyond the set's end writes over other memory: the error
	 * that is typical of select(), and that nobody reports. */
	if (fd >= FD_SETSIZE) {
		errno = EMFILE;
		return -1;
	}
	return select_cambia(fd, que);
}

static void select_quita(int fd)
{
	select_cambia(fd, 0);
	while (mayor >= 0 && !FD_ISSET(mayor, &leen) &&
		!FD_ISSET(mayor, &escriben))
		mayor--;
}

static int select_espera(struct aviso *avisos, int max, int ms)
{
	struct timeval tiempo = { .tv_sec = ms / 1000,
		.tv_usec = ms % 1000 * 1000 };
	fd_set l = leen, e = escriben;
	int n = 0, r = select(mayor + 1, &l, &e, NULL, ms < 0 ? NULL : &tiempo);

	if (r <= 0)
		return r;
	/* From where it ended last time, so that each has its turn. */
	for (int i = 0; i <= mayor && n < max; i++) {
		int fd = (siguiente + i) % (mayor + 1);
		int que = (FD_ISSET(fd, &l) ? EV_LEER : 0) |
			(FD_ISSET(fd, &e) ? EV_ESCRIBIR : 0);

		if (que)
			avisos[n++] = (struct aviso){ fd, que };
	}
	siguiente = n > 0 ? avisos[n - 1].fd + 1 : 0;
	return n;
}

const struct eventos eventos_select = { "select", select_abre, select_agrega,
	select_cambia, select_quita, select_espera };

/* --- poll: the entry of descriptor n is tabla[n]; fd < 0 is no entry --- */

static struct pollfd *tabla;
static int sitio, usados, primero;

static int poll_abre(int flanco)
{
	errno = EINVAL;
	return flanco ? -1 : 0;
}

static int poll_cambia(int fd, int que)
{
	tabla[fd].fd = fd;
	tabla[fd].events = (short)((que & EV_LEER ? POLLIN : 0) |
		(que & EV_ESCRIBIR ? POLLOUT : 0));
	/* Without interest POLLHUP and POLLERR would come all the same. */
	if (que == 0)
		tabla[fd].fd = -1;
	else if (fd >= usados)
		usados = fd + 1;
	return 0;
}

static int poll_agrega(int fd, int que)
{
	if (fd >= sitio) {
		int nuevo = fd * 2 + 64;
		void *p = realloc(tabla, (size_t)nuevo * sizeof(*tabla));

		if (!p)
			return -1;
		tabla = p;
		for (; sitio < nuevo; sitio++)
			tabla[sitio] = (struct pollfd){ .fd = -1 };
	}
	return poll_cambia(fd, que);
}

static void poll_quita(int fd)
{
	poll_cambia(fd, 0);
	while (usados > 0 && tabla[usados - 1].fd < 0)
		usados--;
}

static int poll_espera(struct aviso *avisos, int max, int ms)
{
	int n = 0, r = poll(tabla, (nfds_t)usados, ms);

	if (r <= 0)
		return r;
	for (int i = 0; i < usados && n < max; i++) {
		const struct pollfd *p = &tabla[(primero + i) % usados];

		if (p->fd < 0 || p->revents == 0)
			continue;
		avisos[n++] = (struct aviso){ p->fd,
			(p->revents & ~POLLOUT ? EV_LEER : 0) |
				(p->revents & ~POLLIN ? EV_ESCRIBIR : 0) };
	}
	primero = n > 0 ? avisos[n - 1].fd + 1 : 0;
	return n;
}

const struct eventos eventos_poll = { "poll", poll_abre, poll_agrega,
	poll_cambia, poll_quita, poll_espera };

/* --- epoll --- */

enum { EPOLL_MAX = 64 };

static int epfd = -1;
static uint32_t modo;

static int epoll_abre(int flanco)
{
	modo = flanco ? EPOLLET : 0;
	epfd = epoll_create1(EPOLL_CLOEXEC);
	return epfd < 0 ? -1 : 0;
}

static int epoll_pide(int que_hacer, int fd, int que)
{
	struct epoll_event e = { .data.fd = fd };

	e.events = (que & EV_LEER ? EPOLLIN : 0) |
		(que & EV_ESCRIBIR ? EPOLLOUT : 0) | modo;
	return epoll_ctl(epfd, que_hacer, fd, &e);
}

static int epoll_agrega(int fd, int que)
{
	return epoll_pide(EPOLL_CTL_ADD, fd, que);
}

/* With edges this is also how to hear once more of what is already ready. */
static int epoll_cambia(int fd, int que)
{
	return epoll_pide(EPOLL_CTL_MOD, fd, que);
}

/* close() would do it too, if nobody else has the socket open (a child, a
 * duplicate): forgetting that is the error that is typical of epoll. */
static void epoll_quita(int fd)
{
	epoll_pide(EPOLL_CTL_DEL, fd, 0);
}

static int epoll_espera(struct aviso *avisos, int max, int ms)
{
	struct epoll_event e[EPOLL_MAX];
	int n = epoll_wait(epfd, e, max < EPOLL_MAX ? max : EPOLL_MAX, ms);

	for (int i = 0; i < n; i++)
		avisos[i] = (struct aviso){ e[i].data.fd,
			(e[i].events & ~(uint32_t)EPOLLOUT ? EV_LEER : 0) |
				(e[i].events & ~(uint32_t)EPOLLIN ?
					EV_ESCRIBIR : 0) };
	return n;
}

const struct eventos eventos_epoll = { "epoll", epoll_abre, epoll_agrega,
	epoll_cambia, epoll_quita, epoll_espera };
