/* Of the programs about getaddrinfo(): a question and its answers as lines.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef PARITY_GAI_H
#define PARITY_GAI_H

#include <netdb.h>

#include "../say.h"

#define N(a) ((int)(sizeof(a) / sizeof((a)[0])))

static inline const char *eai_name(int e)
{
	static const struct {
		int e;
		const char *name;
	} names[] = { { 0, "0" }, { EAI_AGAIN, "EAI_AGAIN" },
		{ EAI_BADFLAGS, "EAI_BADFLAGS" }, { EAI_FAIL, "EAI_FAIL" },
		{ EAI_FAMILY, "EAI_FAMILY" }, { EAI_MEMORY, "EAI_MEMORY" },
		{ EAI_NONAME, "EAI_NONAME" }, { EAI_SERVICE, "EAI_SERVICE" },
		{ EAI_SOCKTYPE, "EAI_SOCKTYPE" }, { EAI_SYSTEM, "EAI_SYSTEM" },
		{ EAI_OVERFLOW, "EAI_OVERFLOW" }, { EAI_NODATA, "EAI_NODATA" },
		{ EAI_ADDRFAMILY, "EAI_ADDRFAMILY" } };

	for (int k = 0; k < N(names); k++) {
		if (names[k].e == e)
			return names[k].name;
	}
	return "another";
}

/* Ports are not hidden here: they are what was asked for. */
static inline void say_address(const char *what, const struct addrinfo *p)
{
	char text[INET6_ADDRSTRLEN] = "";
	const struct sockaddr_in *a = (const void *)p->ai_addr;
	const struct sockaddr_in6 *b = (const void *)p->ai_addr;

	if (p->ai_family == AF_INET) {
		inet_ntop(AF_INET, &a->sin_addr, text, sizeof(text));
		say("%s: %s port %d type %d protocol %d length %u %s", what, text,
			ntohs(a->sin_port), p->ai_socktype, p->ai_protocol,
			p->ai_addrlen, p->ai_canonname ? p->ai_canonname : "-");
	} else {
		inet_ntop(AF_INET6, &b->sin6_addr, text, sizeof(text));
		say("%s: [%s] scope %u port %d type %d protocol %d length %u %s", what,
			text, b->sin6_scope_id, ntohs(b->sin6_port), p->ai_socktype,
			p->ai_protocol, p->ai_addrlen,
			p->ai_canonname ? p->ai_canonname : "-");
	}
}

static inline void ask_with(const char *node, const char *service,
	const struct addrinfo *hints)
{
	struct addrinfo *list = NULL;
	char what[128];
	int e;

	snprintf(what, sizeof(what), "%s %s %d/%d/%d 0x%x", node ? node : "NULL",
		service ? service : "NULL", hints ? hints->ai_family : -1,
		hints ? hints->ai_socktype : -1, hints ? hints->ai_protocol : -1,
		hints ? (unsigned)hints->ai_flags : 0);
	e = getaddrinfo(node, service, hints, &list);
	if (e) {
		say("%s: %s", what, eai_name(e));
		return;
	}
	for (struct addrinfo *p = list; p; p = p->ai_next)
		say_address(what, p);
	freeaddrinfo(list);
}

static inline void ask(const char *node, const char *service, int family, int type,
	int protocol, int flags)
{
	struct addrinfo h = { .ai_family = family, .ai_socktype = type,
		.ai_protocol = protocol, .ai_flags = flags };

	ask_with(node, service, &h);
}

#endif
