/* A multicast group; see grupo.h.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "grupo.h"

#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static int es_grupo(const struct sockaddr_storage *dir)
{
	const struct sockaddr_in *d4 = (const struct sockaddr_in *)dir;
	const struct sockaddr_in6 *d6 = (const struct sockaddr_in6 *)dir;

	if (dir->ss_family == AF_INET)
		return IN_MULTICAST(ntohl(d4->sin_addr.s_addr));
	return IN6_IS_ADDR_MULTICAST(&d6->sin6_addr);
}

void examina_grupo(struct grupo *g, const char *direccion, const char *puerto,
	const char *interfaz)
{
	struct addrinfo *lista = direcciones(direccion, puerto, SOCK_DGRAM,
		AI_NUMERICHOST);

	memset(g, 0, sizeof(*g));
	memcpy(&g->dir, lista->ai_addr, lista->ai_addrlen);
	g->tam = lista->ai_addrlen;
	freeaddrinfo(lista);
	if (!es_grupo(&g->dir)) {
		avisa(dice("%s: no es una dirección de grupo",
			"%s: not a group's address"), direccion);
		exit(2);
	}
	if (interfaz) {
		g->interfaz = if_nametoindex(interfaz);
		if (g->interfaz == 0)
			muere_errno(interfaz);
	}
	/* ff02::1 is another group on each link. */
	if (g->dir.ss_family == AF_INET6 && interfaz)
		((struct sockaddr_in6 *)&g->dir)->sin6_scope_id = g->interfaz;
}
