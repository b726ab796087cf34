/* Joins a group and receives what is sent to it (IP_ADD_MEMBERSHIP, IPV6_JOIN_GROUP).
 * It is the interface that joins: bound to every address, this socket would also
 * get what is sent to groups that other programs have joined, so it is bound to the
 * group's. SO_REUSEADDR: several programs may receive from the same group and port.
 * ENODEV: no interface was said, and no route leads to the group.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/grupo.h"
#include "comun/mensajes.h"

#include <netinet/in.h>

static const struct programa programa = { .forma = "grupo puerto [interfaz]",
	.es = "Recibe los mensajes enviados a un grupo multicast.",
	.en = "Receives messages that are sent to a multicast group.",
	.min = 2, .max = 3 };

static void ingresa(int s, const struct grupo *g)
{
	struct ip_mreqn m4 = { .imr_ifindex = (int)g->interfaz };
	struct ipv6_mreq m6 = { .ipv6mr_interface = g->interfaz };

	if (g->dir.ss_family == AF_INET) {
		m4.imr_multiaddr = ((const struct sockaddr_in *)&g->dir)->sin_addr;
		if (setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m4,
				sizeof(m4)) < 0)
			muere_errno("IP_ADD_MEMBERSHIP");
		return;
	}
	m6.ipv6mr_multiaddr = ((const struct sockaddr_in6 *)&g->dir)->sin6_addr;
	if (setsockopt(s, IPPROTO_IPV6, IPV6_JOIN_GROUP, &m6, sizeof(m6)) < 0)
		muere_errno("IPV6_JOIN_GROUP");
}

int main(int argc, char **argv)
{
	struct grupo g;
	int s, si = 1;

	argc = comienza(argc, argv, &programa);
	examina_grupo(&g, argv[1], argv[2], argc > 3 ? argv[3] : NULL);
	s = socket(g.dir.ss_family, SOCK_DGRAM, 0);
	if (s < 0)
		muere_errno("socket");
	if (setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &si, sizeof(si)) < 0)
		muere_errno("SO_REUSEADDR");
	if (bind(s, (struct sockaddr *)&g.dir, g.tam) < 0)
		muere_errno("bind");
	ingresa(s, &g);
	paso("recvfrom");
	recibe_mensajes(s);
}
