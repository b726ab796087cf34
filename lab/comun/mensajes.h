/* Datagrams that are only looked at: of the receivers of groups and of broadcasts.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef MENSAJES_H
#define MENSAJES_H

#include "comun.h"

/* Tells of each datagram that comes, for ever; of a long one of its beginning. */
void recibe_mensajes(int s) __attribute__((noreturn));
/* Sends a message. Ends the program on error. */
void envia_mensaje(int s, const char *mensaje, const struct sockaddr *dir,
	socklen_t tam);

#endif
