/* A multicast group, of IPv4 (224.0.0.0/4) or IPv6 (ff00::/8), and the interface
 * that it is reached by.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef GRUPO_H
#define GRUPO_H

#include "comun.h"

struct grupo {
	struct sockaddr_storage dir;
	socklen_t tam;
	unsigned interfaz; /* 0: the one that the routes choose */
};

/* Of the arguments; interfaz may be NULL. Ends the program when they are wrong. */
void examina_grupo(struct grupo *g, const char *direccion, const char *puerto,
	const char *interfaz);

#endif
