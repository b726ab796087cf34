/* Names where libc is patched: libc's own resolver finds the virtual host's files
 * (etc.c) and asks servers by our sockets. What is left to do:
 *
 * - AI_ADDRCONFIG asks which addresses the machine has, by a netlink socket of the
 *   kernel; the virtual host's are meant.
 * - The name service cache daemon of the machine must not be asked.
 *
 * Where libc is not patched its resolver would use the real network: bare.c.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <netdb.h>
#include <string.h>
#include <sys/un.h>

#include "names.h"

#define NSCD "/var/run/nscd/socket"

bool shim_is_nscd(const struct sockaddr *sa, socklen_t len)
{
	const struct sockaddr_un *un = (const struct sockaddr_un *)sa;

	return client_configured() &&
		len >= offsetof(struct sockaddr_un, sun_path) + sizeof(NSCD) &&
		len <= sizeof(*un) && sa->sa_family == AF_UNIX &&
		strncmp(un->sun_path, NSCD, sizeof(NSCD)) == 0;
}

/* glibc's rule: if the host has addresses (loopback's aside) of one family only,
 * the other is not looked for; of no family at all: both. Who wants one certain
 * family gets nothing without such an address. 0, or the EAI_ error. */
static int apply_addrconfig(struct addrinfo *hints)
{
	bool v4, v6;

	hints->ai_flags &= ~AI_ADDRCONFIG;
	client_families(&v4, &v6);
	if (hints->ai_family == AF_UNSPEC && v4 != v6)
		hints->ai_family = v4 ? AF_INET : AF_INET6;
	else if ((hints->ai_family == AF_INET && !v4) ||
		(hints->ai_family == AF_INET6 && !v6))
		return EAI_NONAME;
	return 0;
}

EXPORT int getaddrinfo(const char *node, const char *service,
	const struct addrinfo *hints, struct addrinfo **out)
{
	static void *slot;
	getaddrinfo_fn *next = (getaddrinfo_fn *)(uintptr_t)shim_next(&slot,
		"getaddrinfo");
	struct addrinfo ours;
	int err;

	if (!client_configured())
		return next(node, service, hints, out);
	if (hints && (hints->ai_flags & AI_ADDRCONFIG)) {
		ours = *hints;
		err = apply_addrconfig(&ours);
		if (err)
			return err;
		hints = &ours;
	}
	if (!shim_is_patched() && node)
		return bare_getaddrinfo(next, node, service, hints, out);
	return next(node, service, hints, out);
}
