/* Sends a datagram to a group: all that have joined it get it. The sender need not
 * be a member. A TTL of 1 (the system's own choice for groups) keeps it on the
 * link; IP_MULTICAST_IF says which link, IP_MULTICAST_LOOP that programs on this
 * machine hear it too. ENETUNREACH: no route, and no interface was said.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/grupo.h"
#include "comun/mensajes.h"

#include <netinet/in.h>
#include <unistd.h>

static const struct programa programa = {
	.forma = "grupo puerto mensaje [interfaz]",
	.es = "Envía un mensaje a un grupo multicast.",
	.en = "Sends a message to a multicast group.",
	.min = 3, .max = 4 };

static void opcion(int s, int nivel, int nombre, const void *valor,
	socklen_t tam, const char *que)
{
	if (setsockopt(s, nivel, nombre, valor, tam) < 0)
		muere_errno(que);
}

static void prepara_ipv4(int s, const struct grupo *g)
{
	struct ip_mreqn i = { .imr_ifindex = (int)g->interfaz };
	unsigned char saltos = 1, si = 1;

	opcion(s, IPPROTO_IP, IP_MULTICAST_TTL, &saltos, sizeof(saltos),
		"IP_MULTICAST_TTL");
	opcion(s, IPPROTO_IP, IP_MULTICAST_LOOP, &si, sizeof(si),
		"IP_MULTICAST_LOOP");
	if (g->interfaz)
		opcion(s, IPPROTO_IP, IP_MULTICAST_IF, &i, sizeof(i),
			"IP_MULTICAST_IF");
}

static void prepara_ipv6(int s, const struct grupo *g)
{
	int saltos = 1, si = 1, i = (int)g->interfaz;

	opcion(s, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &saltos, sizeof(saltos),
		"IPV6_MULTICAST_HOPS");
	opcion(s, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, &si, sizeof(si),
		"IPV6_MULTICAST_LOOP");
	if (g->interfaz)
		opcion(s, IPPROTO_IPV6, IPV6_MULTICAST_IF, &i, sizeof(i),
			"IPV6_MULTICAST_IF");
}

int main(int argc, char **argv)
{
	struct grupo g;
	int s;

	argc = comienza(argc, argv, &programa);
	examina_grupo(&g, argv[1], argv[2], argc > 4 ? argv[4] : NULL);
	s = socket(g.dir.ss_family, SOCK_DGRAM, 0);
	if (s < 0)
		muere_errno("socket");
	if (g.dir.ss_family == AF_INET)
		prepara_ipv4(s, &g);
	else
		prepara_ipv6(s, &g);
	envia_mensaje(s, argv[3], (struct sockaddr *)&g.dir, g.tam);
	close(s);
	return 0;
}
