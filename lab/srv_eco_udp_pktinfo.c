/* UDP echo server that answers from the address that it was asked at. A machine
 * has many, and a socket that is bound to all of them answers from the one that
 * the routes choose; a client that asked another takes that for somebody else's and
 * waits in vain. IP_PKTINFO (IPV6_RECVPKTINFO) has recvmsg() tell, as ancillary
 * data, to which address and by which interface a datagram came; given back to
 * sendmsg() it is the answer's source.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

enum { TAM_MENSAJE = 80 };

/* As long as both kinds need, and aligned as a header has to be. */
union control {
	struct cmsghdr cabecera;
	char bytes[CMSG_SPACE(sizeof(struct in_pktinfo)) +
		CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

static const struct programa programa = { .forma = "[direccion] puerto",
	.es = "Devuelve cada datagrama desde la dirección a la que llegó.",
	.en = "Sends back each datagram from the address that it came to.",
	.min = 1, .max = 2 };

/* To where and by which interface. Changes the data for the answer: which interface
 * that takes is left to the routes. Returns 0 when the message does not tell. */
static int destino(struct msghdr *m, struct nombre *donde, unsigned *interfaz)
{
	struct sockaddr_storage dir = { 0 };
	struct sockaddr_in *d4 = (struct sockaddr_in *)&dir;
	struct sockaddr_in6 *d6 = (struct sockaddr_in6 *)&dir;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo i;

			memcpy(&i, CMSG_DATA(c), sizeof(i));
			d4->sin_family = AF_INET;
			d4->sin_addr = i.ipi_addr;
			nombra(&dir, sizeof(*d4), donde);
			*interfaz = (unsigned)i.ipi_ifindex;
			/* ipi_spec_dst, where it came to, will be the source.
			 * They differ when it was sent to all. */
			i.ipi_ifindex = 0;
			memcpy(CMSG_DATA(c), &i, sizeof(i));
			return 1;
		}
		if (c->cmsg_level == IPPROTO_IPV6 &&
			c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo i;

			memcpy(&i, CMSG_DATA(c), sizeof(i));
			d6->sin6_family = AF_INET6;
			d6->sin6_addr = i.ipi6_addr;
			nombra(&dir, sizeof(*d6), donde);
			*interfaz = i.ipi6_ifindex;
			/* An address of a link means nothing without it. */
			if (!IN6_IS_ADDR_LINKLOCAL(&i.ipi6_addr))
				i.ipi6_ifindex = 0;
			memcpy(CMSG_DATA(c), &i, sizeof(i));
			return 1;
		}
	}
	return 0;
}

static void sirve_uno(int s)
{
	char buf[TAM_MENSAJE + 1], interfaz[IF_NAMESIZE] = "?";
	struct iovec iov = { .iov_base = buf, .iov_len = TAM_MENSAJE };
	struct sockaddr_storage dir;
	union control control;
	struct msghdr m = { .msg_name = &dir, .msg_namelen = sizeof(dir),
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control) };
	struct nombre de, a;
	unsigned indice;
	ssize_t c;

	c = recvmsg(s, &m, 0);
	if (c < 0 && errno == EINTR)
		return;
	if (c < 0)
		muere_errno("recvmsg");
	buf[c] = '\0';
	nombra(&dir, m.msg_namelen, &de);
	if (!destino(&m, &a, &indice)) {
		avisa("%s", dice("no se sabe a qué dirección llegó",
			"not known to which address it came"));
		return;
	}
	if_indextoname(indice, interfaz);
	informa(dice("Mensaje de %s:%s a %s por %s: %s",
			"Message of %s:%s to %s by %s: %s"),
		de.maquina, de.puerto, a.maquina, interfaz, buf);
	iov.iov_len = (size_t)c;
	if (sendmsg(s, &m, 0) < 0)
		avisa_errno("sendmsg");
}

int main(int argc, char **argv)
{
	struct sockaddr_storage dir;
	socklen_t tam = sizeof(dir);
	int s, si = 1, r;

	argc = comienza(argc, argv, &programa);
	s = asocia(argc == 3 ? argv[1] : NULL, argv[argc - 1], SOCK_DGRAM);
	if (getsockname(s, (struct sockaddr *)&dir, &tam) < 0)
		muere_errno("getsockname");
	if (dir.ss_family == AF_INET6)
		r = setsockopt(s, IPPROTO_IPV6, IPV6_RECVPKTINFO, &si,
			sizeof(si));
	else
		r = setsockopt(s, IPPROTO_IP, IP_PKTINFO, &si, sizeof(si));
	if (r < 0)
		muere_errno("PKTINFO");
	for (;;)
		sirve_uno(s);
}
