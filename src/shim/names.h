/* Inside the shim: names looked for without libc's resolver.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_NAMES_H
#define SHIM_NAMES_H

#include <arpa/inet.h>
#include <netdb.h>

#include "shim.h"

typedef int getaddrinfo_fn(const char *, const char *, const struct addrinfo *,
	struct addrinfo **);

/* --- bare.c ------------------------------------------------------------------- */

/* As getaddrinfo(), with libc's behind; node is not NULL. */
int bare_getaddrinfo(getaddrinfo_fn *next, const char *node, const char *service,
	const struct addrinfo *hints, struct addrinfo **out);
/* The name of an address, to be freed with free(); NULL none. */
char *bare_reverse(const void *address, int family);

/* Each name in the virtual host's file, with its line's address and first name. */
typedef void bare_fn(void *user, const char *address, const char *canonical,
	const char *name);
void bare_each(bare_fn *fn, void *user);

struct search;
/* An answer to it: the address as text, the name it really has. */
void bare_found(struct search *s, const char *address, const char *canonical);

/* --- dns.c, or dns_none.c -------------------------------------------------------- */

/* Asks the host's name servers and calls bare_found(). 0, or an EAI_ error. */
int dns_forward(const char *name, int family, struct search *s);
/* As bare_reverse(). */
char *dns_backward(const void *address, int family, size_t size);

#endif
