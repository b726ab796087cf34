/* The socket options that the documents name; see opciones.h. An option belongs to
 * the layer that heeds it, and that is its level: SOL_SOCKET, the socket itself;
 * IPPROTO_IP and IPPROTO_IPV6, the packets; IPPROTO_TCP, the connection.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "opciones.h"

#include "comun.h"

#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#define SOCKET(n, clase) { #n, SOL_SOCKET, n, clase }
#define IP(n) { #n, IPPROTO_IP, n, ENTERO }
#define IPV6(n) { #n, IPPROTO_IPV6, n, ENTERO }
#define TCP(n) { #n, IPPROTO_TCP, n, ENTERO }

const struct opcion opciones[] = {
	SOCKET(SO_TYPE, ENTERO), SOCKET(SO_DOMAIN, ENTERO),
	SOCKET(SO_PROTOCOL, ENTERO), SOCKET(SO_ACCEPTCONN, ENTERO),
	SOCKET(SO_ERROR, ENTERO), SOCKET(SO_REUSEADDR, ENTERO),
	SOCKET(SO_REUSEPORT, ENTERO), SOCKET(SO_BROADCAST, ENTERO),
	SOCKET(SO_KEEPALIVE, ENTERO), SOCKET(SO_OOBINLINE, ENTERO),
	SOCKET(SO_DONTROUTE, ENTERO), SOCKET(SO_SNDBUF, ENTERO),
	SOCKET(SO_RCVBUF, ENTERO), SOCKET(SO_SNDLOWAT, ENTERO),
	SOCKET(SO_RCVLOWAT, ENTERO), SOCKET(SO_LINGER, LINGER),
	SOCKET(SO_SNDTIMEO, TIEMPO), SOCKET(SO_RCVTIMEO, TIEMPO),
	IP(IP_TTL), IP(IP_TOS), IP(IP_MTU_DISCOVER), IP(IP_MTU), IP(IP_PKTINFO),
	IP(IP_RECVERR), IP(IP_MULTICAST_TTL), IP(IP_MULTICAST_LOOP),
	IPV6(IPV6_V6ONLY), IPV6(IPV6_UNICAST_HOPS), IPV6(IPV6_MULTICAST_HOPS),
	IPV6(IPV6_MULTICAST_LOOP), IPV6(IPV6_TCLASS), IPV6(IPV6_RECVPKTINFO),
	TCP(TCP_NODELAY), TCP(TCP_QUICKACK), TCP(TCP_CORK), TCP(TCP_MAXSEG),
	TCP(TCP_KEEPIDLE), TCP(TCP_KEEPINTVL), TCP(TCP_KEEPCNT),
	TCP(TCP_SYNCNT), TCP(TCP_LINGER2), TCP(TCP_DEFER_ACCEPT),
	TCP(TCP_WINDOW_CLAMP), TCP(TCP_USER_TIMEOUT),
	{ "TCP_CONGESTION", IPPROTO_TCP, TCP_CONGESTION, CADENA },
};
const size_t numero_de_opciones = sizeof(opciones) / sizeof(*opciones);

int socket_de(const char *tipo)
{
	static const char *const tipos[] = { "tcp", "udp", "tcp6", "udp6", NULL };
	int i = elige(tipo, tipos, "tipo");
	int s = socket(i < 2 ? AF_INET : AF_INET6,
		i % 2 ? SOCK_DGRAM : SOCK_STREAM, 0);

	if (s < 0)
		muere_errno("socket");
	return s;
}

int lee_opcion(int s, const struct opcion *o, char valor[VALOR_MAX])
{
	union {
		int entero;
		struct linger linger;
		struct timeval tiempo;
		char cadena[VALOR_MAX];
	} v = { .cadena = "" };
	/* As large as it is: with less the value is cut, without a word. */
	socklen_t tam = o->clase == ENTERO ? sizeof(v.entero) : sizeof(v) - 1;

	if (getsockopt(s, o->nivel, o->numero, &v, &tam) < 0)
		return -1;
	switch (o->clase) {
	case ENTERO:
		snprintf(valor, VALOR_MAX, "%d", v.entero);
		break;
	case LINGER:
		snprintf(valor, VALOR_MAX, v.linger.l_onoff ? "%d s" : "no",
			v.linger.l_linger);
		break;
	case TIEMPO:
		snprintf(valor, VALOR_MAX, "%lld ms",
			v.tiempo.tv_sec * 1000LL + v.tiempo.tv_usec / 1000);
		break;
	case CADENA:
		snprintf(valor, VALOR_MAX, "%s", v.cadena);
		break;
	}
	return 0;
}

int fija_opcion(int s, const struct opcion *o, const char *valor)
{
	struct linger linger = { 0 };
	struct timeval tiempo;
	long ms;
	int n;

	switch (o->clase) {
	case ENTERO:
		n = (int)numero(valor, INT_MIN, INT_MAX, "valor");
		return setsockopt(s, o->nivel, o->numero, &n, sizeof(n));
	case LINGER:
		linger.l_onoff = strcmp(valor, "no") != 0;
		if (linger.l_onoff)
			linger.l_linger = (int)numero(valor, 0, INT_MAX, "valor");
		return setsockopt(s, o->nivel, o->numero, &linger,
			sizeof(linger));
	case TIEMPO:
		ms = numero(valor, 0, INT_MAX, "valor");
		tiempo.tv_sec = ms / 1000;
		tiempo.tv_usec = ms % 1000 * 1000;
		return setsockopt(s, o->nivel, o->numero, &tiempo,
			sizeof(tiempo));
	case CADENA:
		return setsockopt(s, o->nivel, o->numero, valor,
			(socklen_t)strlen(valor));
	}
	return -1;
}
