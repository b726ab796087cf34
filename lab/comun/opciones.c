/* The socket options that the documents name, by their names; see opciones.h. An option
 * belongs to the layer that heeds it, and that is its level: SOL_SOCKET, the socket
 * itself; IPPROTO_IP and IPPROTO_IPV6, the packets; IPPROTO_TCP, the connection.
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

/* What Linux makes of some: SO_SNDBUF and SO_RCVBUF are kept twice as large as asked
 * for, for its own bookkeeping; SO_REUSEADDR lets bind although connections of an
 * earlier server are in TIME-WAIT; TCP_NODELAY: no Nagle, small segments need not wait
 * for an acknowledgment; TCP_QUICKACK: acknowledge at once (1) or, as a talker would,
 * with what is sent (0). */
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

union valor {
	int entero;
	struct linger linger;
	struct timeval tiempo;
	char cadena[VALOR_MAX];
};

const struct opcion *busca_opcion(const char *nombre, size_t largo)
{
	for (size_t i = 0; i < numero_de_opciones; i++)
		if (strlen(opciones[i].nombre) == largo &&
			strncmp(opciones[i].nombre, nombre, largo) == 0)
			return &opciones[i];
	avisa(dice("opción de socket desconocida: %s",
		"unknown socket option: %s"), nombre);
	exit(2);
}

int lee_opcion(int s, const struct opcion *o, char valor[VALOR_MAX])
{
	union valor v = { .cadena = "" };
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

/* What a word means; ends the program when it is no value of that kind. Returns how
 * many bytes of *v it takes. */
static socklen_t entiende(const struct opcion *o, const char *palabra, union valor *v)
{
	long ms;

	memset(v, 0, sizeof(*v));
	switch (o->clase) {
	case ENTERO:
		v->entero = (int)numero(palabra, INT_MIN, INT_MAX, "valor");
		return sizeof(v->entero);
	case LINGER:
		v->linger.l_onoff = strcmp(palabra, "no") != 0;
		if (v->linger.l_onoff)
			v->linger.l_linger = (int)numero(palabra, 0, INT_MAX, "valor");
		return sizeof(v->linger);
	case TIEMPO:
		ms = numero(palabra, 0, INT_MAX, "valor");
		v->tiempo.tv_sec = ms / 1000;
		v->tiempo.tv_usec = ms % 1000 * 1000;
		return sizeof(v->tiempo);
	case CADENA:
		snprintf(v->cadena, sizeof(v->cadena), "%s", palabra);
		return (socklen_t)strlen(v->cadena);
	}
	return 0;
}

int fija_opcion(int s, const struct opcion *o, const char *valor)
{
	union valor v;
	socklen_t tam = entiende(o, valor, &v);

	return setsockopt(s, o->nivel, o->numero, &v, tam);
}

/* The option of "TCP_NODELAY=1", and where its value begins. */
static const struct opcion *separa(const char *palabra, const char **valor)
{
	size_t largo = strcspn(palabra, "=");
	const struct opcion *o = busca_opcion(palabra, largo);

	if (palabra[largo] != '=') {
		avisa(dice("falta el valor: %s=", "no value: %s="), palabra);
		exit(2);
	}
	*valor = palabra + largo + 1;
	return o;
}

void examina_opciones(int n, char **palabra)
{
	const char *valor;
	union valor v;

	for (int i = 0; i < n; i++) {
		const struct opcion *o = separa(palabra[i], &valor);

		entiende(o, valor, &v);
	}
}

void fija_opciones(int s, int n, char **palabra, int nivel)
{
	for (int i = 0; i < n; i++) {
		const char *valor;
		const struct opcion *o = separa(palabra[i], &valor);

		if (nivel != TODOS && o->nivel != nivel)
			continue;
		if (fija_opcion(s, o, valor) < 0)
			muere_errno(o->nombre);
	}
}

void informa_opciones(int s, int n, char **palabra)
{
	for (int i = 0; i < n; i++) {
		char tiene[VALOR_MAX];
		const char *valor;
		const struct opcion *o = separa(palabra[i], &valor);

		if (lee_opcion(s, o, tiene) < 0)
			muere_errno(o->nombre);
		informa(dice("%s: pedido %s, tiene %s", "%s: asked %s, has %s"),
			o->nombre, valor, tiene);
	}
}
