/* What the echo servers do with a client, whoever does it: process, thread, or one
 * after the other.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef ECO_H
#define ECO_H

#include "comun.h"

/* Sends back what comes, 80 bytes at most at a time, and tells of it, until the
 * client closes. */
void eco_flujo(int clisd);
/* The same; tells before from where the connection comes and closes it after. */
void eco_cliente(int clisd);
/* Sends back each datagram, for ever. Of one longer than 80 bytes the rest is
 * lost, as datagrams have it. */
void eco_datagramas(int sd) __attribute__((noreturn));
/* A client's message over a stream: sends it, and tells what comes back once all of it
 * has come. Ends the program on error. */
void eco_pide(int s, const char *mensaje);
/* "Conexión desde Host:... Puerto:..." */
void eco_saluda(const struct sockaddr_storage *addr, socklen_t addrlen);

#endif
