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

/* The name of an address, by the host's file, then DNS: 0 or EAI_*. */
int bare_reverse(const struct sockaddr *sa, socklen_t len, char *name, size_t size);

#endif
