/* What a program reads of its machine: the files in /etc that say who is who, and
 * the machine's name. Where libc is patched (patch.c) its own code opens and looks
 * at the virtual host's files through here, too: so getaddrinfo() and the other
 * names are libc's own, exact, on our hosts and over our sockets.
 *
 * The real file is tried first, if only for reading: then the kernel has said that
 * the path can be read (EFAULT), and most calls cost one comparison more.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "shim.h"

#define WRITES (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)

static bool can_read(const char *path)
{
	return sys_call3(SYS_faccessat, AT_FDCWD, path, F_OK) != -EFAULT;
}

static long open_real(int dir, const char *path, int flags, unsigned mode)
{
	return sys_call4(SYS_openat, dir, path, flags, mode);
}

/* The machine's /proc/net knows the machine's network. */
static long open_proc(const char *path, int real, int flags)
{
	long fd = client_proc_net(path, flags);

	if (fd == -ENOENT)
		fd = client_proc_sys(path, flags);
	if (fd == -ENOENT)
		return real;
	sys_close(real);
	return fd;
}

static long open_at(int dir, const char *path, int flags, unsigned mode)
{
	bool writes = flags & WRITES;
	const char *ours = NULL;
	long fd = -EFAULT;

	if (!writes)
		fd = open_real(dir, path, flags, mode);
	if (writes ? can_read(path) : fd != -EFAULT)
		ours = client_etc_file(path);
	/* As a /proc/sys that is mounted read-only: they are the machine's. */
	if (writes && can_read(path) && client_proc_sys_refused(path))
		return -EROFS;
	if (fd >= 0 && strncmp(path, "/proc/", 6) == 0)
		return open_proc(path, (int)fd, flags);
	if (ours && fd >= 0)
		sys_close((int)fd);
	if (ours || writes)
		fd = open_real(dir, ours ? ours : path, flags, mode);
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

/* Patched, libc's fopen() opens by way of open() above. */
static const char *path_for_stdio(const char *path)
{
	const char *ours = shim_is_patched() || !path ? NULL : client_etc_file(path);

	return ours ? ours : path;
}

EXPORT FILE *fopen(const char *path, const char *mode)
{
	static void *slot;
	FILE *(*next)(const char *, const char *) = shim_next(&slot, "fopen");

	return next(path_for_stdio(path), mode);
}

EXPORT FILE *fopen64(const char *path, const char *mode)
{
	static void *slot;
	FILE *(*next)(const char *, const char *) = shim_next(&slot, "fopen64");

	return next(path_for_stdio(path), mode);
}

/* libc's resolver looks whether the files have changed. */
static long stat_at(int dir, const char *path, struct stat *st, int flags)
{
	long r = sys_call4(SYS_newfstatat, dir, path, st, flags);
	const char *ours = r == -EFAULT ? NULL : client_etc_file(path);

	return ours ? sys_call4(SYS_newfstatat, dir, ours, st, flags) : r;
}

EXPORT int stat(const char *path, struct stat *st)
{
	return (int)shim_return(stat_at(AT_FDCWD, path, st, 0));
}

EXPORT int stat64(const char *path, struct stat64 *st)
{
	/* The same structure on 64-bit machines. */
	return (int)shim_return(stat_at(AT_FDCWD, path, (struct stat *)st, 0));
}

EXPORT int fstatat(int dir, const char *path, struct stat *st, int flags)
{
	return (int)shim_return(stat_at(dir, path, st, flags));
}

EXPORT int fstatat64(int dir, const char *path, struct stat64 *st, int flags)
{
	return (int)shim_return(stat_at(dir, path, (struct stat *)st, flags));
}

EXPORT int access(const char *path, int mode)
{
	long r = sys_call3(SYS_faccessat, AT_FDCWD, path, mode);
	const char *ours = r == -EFAULT ? NULL : client_etc_file(path);

	return (int)shim_return(ours ? sys_call3(SYS_faccessat, AT_FDCWD, ours, mode) :
		r);
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

/* Libc's asks our uname(); another preloaded library may have one of its own. */
EXPORT int gethostname(char *buf, size_t n)
{
	static void *slot;
	int (*next)(char *, size_t) = shim_next(&slot, "gethostname");
	struct utsname u;

	if (next && (shim_is_patched() || !client_host_name()))
		return next(buf, n);
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
