/* gethostbyname(), gethostbyaddr() and getnameinfo() where libc is not patched: as
 * bare.c, on its answers and those of DNS. Elsewhere libc's own.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "names.h"

#include "dns.h"

#define ADDRESSES_MAX 35 /* of a struct hostent, as libc's own */
#define STATIC_BYTES 8192

static bool is_bare(void)
{
	return client_configured() && !shim_is_patched();
}

/* A hostent's parts, cut from the caller's memory. */
struct cut {
	char *at;
	size_t left;
};

static void *cut(struct cut *c, size_t bytes)
{
	size_t pad = (8 - (uintptr_t)c->at % 8) % 8;
	char *p = c->at + pad;

	if (c->left < pad + bytes)
		return NULL;
	c->at = p + bytes;
	c->left -= pad + bytes;
	return p;
}

/* 0, or ERANGE when the memory does not do. */
static int fill(struct hostent *h, struct cut *c, const char *name, int family,
	const struct in6_addr *addresses, unsigned n)
{
	size_t len = family == AF_INET6 ? 16 : 4;
	char **list = cut(c, (n + 1) * sizeof(*list));
	char **aliases = cut(c, sizeof(*aliases));
	char *text = cut(c, strlen(name) + 1), *bytes;

	if (!list || !aliases || !text)
		return ERANGE;
	for (unsigned k = 0; k < n; k++) {
		bytes = cut(c, len);
		if (!bytes)
			return ERANGE;
		memcpy(bytes, &addresses[k], len);
		list[k] = bytes;
	}
	list[n] = aliases[0] = NULL;
	*h = (struct hostent){ .h_name = strcpy(text, name), .h_aliases = aliases,
		.h_addrtype = family, .h_length = (int)len, .h_addr_list = list };
	return 0;
}

static int herror_of(int eai)
{
	return eai == EAI_NONAME ? HOST_NOT_FOUND :
		eai == EAI_NODATA || eai == EAI_ADDRFAMILY ? NO_DATA :
		eai == EAI_AGAIN  ? TRY_AGAIN :
				    NO_RECOVERY;
}

/* 0 and *out, 0 and NULL with *herr, or ERANGE. */
static int by_name(const char *name, int family, struct hostent *h, struct cut c,
	struct hostent **out, int *herr)
{
	struct addrinfo hints = { .ai_family = family, .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_CANONNAME }, *list;
	struct in6_addr addresses[ADDRESSES_MAX];
	unsigned n = 0;
	int err;

	*out = NULL;
	err = getaddrinfo(name, NULL, &hints, &list);
	if (err) {
		*herr = herror_of(err);
		return 0;
	}
	for (const struct addrinfo *p = list; p && n < ADDRESSES_MAX; p = p->ai_next) {
		if (family == AF_INET6)
			addresses[n++] = ((struct sockaddr_in6 *)(void *)p->ai_addr)->sin6_addr;
		else
			memcpy(&addresses[n++], &((struct sockaddr_in *)(void *)
				p->ai_addr)->sin_addr, 4);
	}
	err = fill(h, &c, list->ai_canonname ? list->ai_canonname : name, family,
		addresses, n);
	freeaddrinfo(list);
	if (err)
		*herr = NETDB_INTERNAL;
	else
		*out = h;
	return err;
}

static socklen_t socket_name(struct sockaddr_storage *ss, const void *addr, socklen_t len,
	int family)
{
	memset(ss, 0, sizeof(*ss));
	ss->ss_family = (sa_family_t)family;
	if (family == AF_INET && len == 4) {
		memcpy(&((struct sockaddr_in *)(void *)ss)->sin_addr, addr, 4);
		return sizeof(struct sockaddr_in);
	}
	if (family == AF_INET6 && len == 16) {
		memcpy(&((struct sockaddr_in6 *)(void *)ss)->sin6_addr, addr, 16);
		return sizeof(struct sockaddr_in6);
	}
	return 0;
}

/* As by_name(). */
static int by_addr(const void *addr, socklen_t len, int family, struct hostent *h,
	struct cut c, struct hostent **out, int *herr)
{
	struct sockaddr_storage ss;
	struct in6_addr one = { 0 };
	char name[NI_MAXHOST];
	socklen_t n = socket_name(&ss, addr, len, family);
	int err;

	*out = NULL;
	if (n == 0) {
		*herr = NETDB_INTERNAL;
		return EINVAL;
	}
	err = bare_reverse((struct sockaddr *)&ss, n, name, sizeof(name));
	if (err) {
		*herr = herror_of(err);
		return 0;
	}
	memcpy(&one, addr, len);
	err = fill(h, &c, name, family, &one, 1);
	if (err)
		*herr = NETDB_INTERNAL;
	else
		*out = h;
	return err;
}

/* --- libc's names ----------------------------------------------------------------- */

static struct hostent static_host;
static char static_bytes[STATIC_BYTES];
#define STATIC_CUT ((struct cut){ static_bytes, sizeof(static_bytes) })

EXPORT struct hostent *gethostbyname2(const char *name, int family)
{
	static void *slot;
	struct hostent *(*next)(const char *, int) = shim_next(&slot, "gethostbyname2");
	struct hostent *out;

	if (!is_bare())
		return next(name, family);
	by_name(name, family, &static_host, STATIC_CUT, &out, &h_errno);
	return out;
}

EXPORT struct hostent *gethostbyname(const char *name)
{
	static void *slot;
	struct hostent *(*next)(const char *) = shim_next(&slot, "gethostbyname");

	return is_bare() ? gethostbyname2(name, AF_INET) : next(name);
}

EXPORT int gethostbyname2_r(const char *name, int family, struct hostent *h, char *buf,
	size_t n, struct hostent **out, int *herr)
{
	static void *slot;
	int (*next)(const char *, int, struct hostent *, char *, size_t,
		struct hostent **, int *) = shim_next(&slot, "gethostbyname2_r");

	if (!is_bare())
		return next(name, family, h, buf, n, out, herr);
	return by_name(name, family, h, (struct cut){ buf, n }, out, herr);
}

EXPORT int gethostbyname_r(const char *name, struct hostent *h, char *buf, size_t n,
	struct hostent **out, int *herr)
{
	static void *slot;
	int (*next)(const char *, struct hostent *, char *, size_t, struct hostent **,
		int *) = shim_next(&slot, "gethostbyname_r");

	if (!is_bare())
		return next(name, h, buf, n, out, herr);
	return by_name(name, AF_INET, h, (struct cut){ buf, n }, out, herr);
}

EXPORT struct hostent *gethostbyaddr(const void *addr, socklen_t len, int family)
{
	static void *slot;
	struct hostent *(*next)(const void *, socklen_t, int) =
		shim_next(&slot, "gethostbyaddr");
	struct hostent *out;

	if (!is_bare())
		return next(addr, len, family);
	by_addr(addr, len, family, &static_host, STATIC_CUT, &out, &h_errno);
	return out;
}

EXPORT int gethostbyaddr_r(const void *addr, socklen_t len, int family, struct hostent *h,
	char *buf, size_t n, struct hostent **out, int *herr)
{
	static void *slot;
	int (*next)(const void *, socklen_t, int, struct hostent *, char *, size_t,
		struct hostent **, int *) = shim_next(&slot, "gethostbyaddr_r");

	if (!is_bare())
		return next(addr, len, family, h, buf, n, out, herr);
	return by_addr(addr, len, family, h, (struct cut){ buf, n }, out, herr);
}

EXPORT int getnameinfo(const struct sockaddr *sa, socklen_t len, char *host,
	socklen_t hostlen, char *service, socklen_t servicelen, int flags)
{
	static void *slot;
	int (*next)(const struct sockaddr *, socklen_t, char *, socklen_t, char *,
		socklen_t, int) = shim_next(&slot, "getnameinfo");
	char name[NI_MAXHOST];
	int err;

	/* libc makes numbers, services, and the errors of bad arguments. */
	if (!is_bare() || (flags & NI_NUMERICHOST) || !host || hostlen == 0 || !sa ||
		(sa->sa_family != AF_INET && sa->sa_family != AF_INET6))
		return next(sa, len, host, hostlen, service, servicelen, flags);
	err = next(sa, len, NULL, 0, service, servicelen, flags & ~NI_NAMEREQD);
	if (err && (service || err != EAI_NONAME))
		return err;
	err = bare_reverse(sa, len, name, sizeof(name));
	if (err == 0) {
		if (strlen(name) >= hostlen)
			return EAI_OVERFLOW;
		strcpy(host, name);
		return 0;
	}
	if (flags & NI_NAMEREQD)
		return err == EAI_AGAIN ? EAI_AGAIN : EAI_NONAME;
	return next(sa, len, host, hostlen, NULL, 0, flags | NI_NUMERICHOST);
}
