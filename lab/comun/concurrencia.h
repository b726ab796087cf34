/* The documents' patterns of concurrent servers, with processes and with threads:
 *
 *	accept-and-fork	main accepts; each client has somebody of its own
 *	pre-fork	workers made beforehand, who all call accept() on the same
 *			socket (or recvfrom(): then message by message); the system
 *			wakes one of them for each
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CONCURRENCIA_H
#define CONCURRENCIA_H

/* Accept-and-fork, for ever. `sirve` closes its socket. */
void acepta_y_crea_procesos(int s, void sirve(int s_conec))
	__attribute__((noreturn));
void acepta_y_crea_threads(int s, void sirve(int s_conec))
	__attribute__((noreturn));

enum { TRABAJADORES = 4, TRABAJADORES_MAX = 64 };

/* So many workers; each calls trabaja(s), which does not return. One process that
 * a signal has killed is replaced, one that has ended by itself ends the server.
 * SIGTERM and SIGINT end them all, with status 0. */
void procesos_trabajadores(int n, int s, void trabaja(int s))
	__attribute__((noreturn));
void threads_trabajadores(int n, int s, void trabaja(int s))
	__attribute__((noreturn));

/* A worker of a pre-fork server: accepts and serves, for ever. */
void acepta_y_sirve(int s, void sirve(int s_conec)) __attribute__((noreturn));

#endif
