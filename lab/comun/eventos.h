/* The three ways to wait for many descriptors at once, select(), poll() and
 * epoll(), behind one set of verbs, so that one server can be run with each.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef EVENTOS_H
#define EVENTOS_H

/* What is waited for, and what has come; a descriptor that has failed, or whose
 * other end is closed, is ready for whatever was asked: the call will tell. */
enum { EV_LEER = 1, EV_ESCRIBIR = 2 };

struct aviso {
	int fd;
	int que; /* EV_LEER, EV_ESCRIBIR or both */
};

/* All of them return -1 with errno on error. */
struct eventos {
	const char *nombre;
	/* Once, before the others. `flanco` (epoll alone): tell when it becomes
	 * ready, and not again while it stays so. */
	int (*abre)(int flanco);
	/* select(): EMFILE from descriptor FD_SETSIZE (1,024) on. */
	int (*agrega)(int fd, int que);
	int (*cambia)(int fd, int que);
	/* Before close(). */
	void (*quita)(int fd);
	/* Waits so long (< 0: for ever). Returns how many avisos, at most max
	 * (those left over come with the next call). */
	int (*espera)(struct aviso *avisos, int max, int ms);
};

extern const struct eventos eventos_select, eventos_poll, eventos_epoll;

#endif
