/* A socket of another virtual host, received over a Unix socket from a program there.
 * It cannot be used here: its record is in the other host's memory, and as it stands
 * it is a Unix socket that carries bells. So it is replaced by a fresh socket of its
 * type, which is what a program finds when a connection is not there: ENOTCONN.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <string.h>
#include <sys/un.h>

#include "internal.h"

static const char family[] = "enchufe/"; /* all hosts' names begin so */

/* getsockname or getpeername: a name of a host that is not this one. */
static bool names_another(long call, int fd)
{
	struct sockaddr_un sa = { 0 };
	socklen_t len = sizeof(sa);
	const char *own = cl.arena.hdr->prefix;
	size_t n = strnlen(own, SHM_PREFIX_MAX);

	if (sys_call3(call, fd, &sa, &len) < 0 || sa.sun_family != AF_UNIX ||
		len <= offsetof(struct sockaddr_un, sun_path) + sizeof(family))
		return false;
	return memcmp(sa.sun_path + 1, family, sizeof(family) - 1) == 0 &&
		(memcmp(sa.sun_path + 1, own, n) != 0 || sa.sun_path[1 + n] != '/');
}

void foreign_received(int fd)
{
	int domain = 0, type = 0, fresh;
	socklen_t len = sizeof(int), tlen = sizeof(int);
	long cloexec;

	if (!client_attached() || sys_call5(SYS_getsockopt, fd, SOL_SOCKET,
		SO_DOMAIN, &domain, &len) < 0 || domain != AF_UNIX ||
		(!names_another(SYS_getsockname, fd) &&
		!names_another(SYS_getpeername, fd)))
		return;
	sys_call5(SYS_getsockopt, fd, SOL_SOCKET, SO_TYPE, &type, &tlen);
	cloexec = sys_call2(SYS_fcntl, fd, F_GETFD);
	fresh = client_socket(AF_INET, type | SOCK_CLOEXEC, 0);
	if (fresh < 0)
		return;
	client_dup3(fresh, fd, cloexec > 0 ? O_CLOEXEC : 0);
	client_close(fresh);
}
