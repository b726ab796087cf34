/* Names: this host's own, and those of its neighbours.
 *
 * The virtual host has its own /etc/hosts. Where libc is patched (patch.c) its own
 * code opens our file and everything that resolves names knows the hosts. Where it
 * is not, getaddrinfo() is answered from the file here.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "shim.h"

#define HOSTS_MAX 65536 /* bytes of the file that are looked at */

const char *shim_redirect(const char *path)
{
	const char *ours;

	if (!path || strcmp(path, "/etc/hosts") != 0)
		return path;
	ours = client_hosts_path();
	return ours ? ours : path;
}

static long open_at(int dir, const char *path, int flags, unsigned mode)
{
	long fd = sys_call4(SYS_openat, dir, shim_redirect(path), flags, mode);

	if (fd >= 0)
		client_fd_kernel((int)fd);
	return fd;
}

static bool wants_mode(int flags)
{
	return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
}

/* `flags` is the function's last named parameter, `more` is added to it. */
#define OPEN_BODY(dir, path, flags, more) \
	unsigned mode = 0; \
	va_list ap; \
\
	if (wants_mode(flags)) { \
		va_start(ap, flags); \
		mode = va_arg(ap, unsigned); \
		va_end(ap); \
	} \
	return (int)CANCEL_POINT(-1, open_at((dir), (path), \
		(flags) | (more), mode))

EXPORT int open(const char *path, int flags, ...)
{
	OPEN_BODY(AT_FDCWD, path, flags, 0);
}

EXPORT int open64(const char *path, int flags, ...)
{
	OPEN_BODY(AT_FDCWD, path, flags, O_LARGEFILE);
}

EXPORT int openat(int dir, const char *path, int flags, ...)
{
	OPEN_BODY(dir, path, flags, 0);
}

EXPORT int openat64(int dir, const char *path, int flags, ...)
{
	OPEN_BODY(dir, path, flags, O_LARGEFILE);
}

EXPORT FILE *fopen(const char *path, const char *mode)
{
	static void *slot;
	FILE *(*next)(const char *, const char *) = shim_next(&slot, "fopen");

	return next(shim_redirect(path), mode);
}

EXPORT FILE *fopen64(const char *path, const char *mode)
{
	static void *slot;
	FILE *(*next)(const char *, const char *) = shim_next(&slot, "fopen64");

	return next(shim_redirect(path), mode);
}

EXPORT int uname(struct utsname *u)
{
	long r = sys_call1(SYS_uname, u);
	const char *name = r == 0 ? client_host_name() : NULL;

	if (name) {
		memset(u->nodename, 0, sizeof(u->nodename));
		strncpy(u->nodename, name, sizeof(u->nodename) - 1);
	}
	return (int)shim_return(r);
}

EXPORT int gethostname(char *buf, size_t n)
{
	struct utsname u;

	if (uname(&u) < 0)
		return -1;
	strncpy(buf, u.nodename, n);
	if (strlen(u.nodename) >= n)
		return (int)shim_return(-ENAMETOOLONG);
	return 0;
}

/* The machine's name is not this host's to change. */
EXPORT int sethostname(const char *name, size_t n)
{
	return (int)shim_return(client_host_name() ? -EPERM :
		sys_call2(SYS_sethostname, name, n));
}

/* --- where libc could not be patched --------------------------------------------- */

/* The file in memory; NULL none. Freed with free(). */
static char *read_hosts(void)
{
	const char *path = client_hosts_path();
	char *text = path ? malloc(HOSTS_MAX + 1) : NULL;
	long fd = text ? sys_call4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC,
		0) : -1;
	long n = 0, got;

	if (fd < 0) {
		free(text);
		return NULL;
	}
	while (n < HOSTS_MAX) {
		got = sys_call3(SYS_read, fd, text + n, HOSTS_MAX - n);
		if (got <= 0)
			break;
		n += got;
	}
	sys_close((int)fd);
	text[n] = 0;
	return text;
}

/* Does this line give the name? Then its address, closed by a zero. */
static char *line_address(char *line, const char *name)
{
	char *save, *address, *word;

	line[strcspn(line, "#")] = 0;
	address = strtok_r(line, " \t\r", &save);
	if (!address)
		return NULL;
	while ((word = strtok_r(NULL, " \t\r", &save))) {
		if (strcasecmp(word, name) == 0)
			return address;
	}
	return NULL;
}

typedef int getaddrinfo_fn(const char *, const char *, const struct addrinfo *,
	struct addrinfo **);

static void append(struct addrinfo **list, struct addrinfo *more)
{
	while (*list)
		list = &(*list)->ai_next;
	*list = more;
}

static struct addrinfo *from_hosts(getaddrinfo_fn *next, const char *node,
	const char *service, const struct addrinfo *hints)
{
	struct addrinfo numeric = { 0 }, *list = NULL, *some;
	char *text = read_hosts(), *save, *line, *address;

	if (!text)
		return NULL;
	if (hints)
		numeric = *hints;
	numeric.ai_flags = (numeric.ai_flags | AI_NUMERICHOST) & ~AI_ADDRCONFIG;
	line = strtok_r(text, "\n", &save);
	for (; line; line = strtok_r(NULL, "\n", &save)) {
		address = line_address(line, node);
		if (address && next(address, service, &numeric, &some) == 0)
			append(&list, some);
	}
	free(text);
	return list;
}

EXPORT int getaddrinfo(const char *node, const char *service,
	const struct addrinfo *hints, struct addrinfo **out)
{
	static void *slot;
	getaddrinfo_fn *next = (getaddrinfo_fn *)(uintptr_t)shim_next(&slot,
		"getaddrinfo");
	struct addrinfo *list;

	if (!shim_is_patched() && node && client_configured()) {
		list = from_hosts(next, node, service, hints);
		if (list) {
			*out = list;
			return 0;
		}
	}
	return next(node, service, hints, out);
}
