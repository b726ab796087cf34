/* mmap() and munmap(): the kernel's, but for rings of packet sockets. Only calls by
 * name are seen; nobody in libc maps a socket.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sys/mman.h>

#include "shim.h"

/* The kernel says of a stand-in that it cannot be mapped: then it may be ours. */
static void *map(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
	long r = shim_mmap(addr, len, prot, flags, fd, offset);

	return (void *)shim_return(r);
}

long shim_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
	long r = sys_call6(SYS_mmap, addr, len, prot, flags, fd, offset);
	struct client_mmap m = { addr, len, prot, flags, fd, (uint64_t)offset };

	return r == -ENODEV && client_configured() ? client_mmap(&m, r) : r;
}

EXPORT void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
	return map(addr, len, prot, flags, fd, offset);
}

EXPORT void *mmap64(void *addr, size_t len, int prot, int flags, int fd, off64_t offset)
{
	return map(addr, len, prot, flags, fd, offset);
}

EXPORT int munmap(void *addr, size_t len)
{
	long r = sys_call2(SYS_munmap, addr, len);

	if (r == 0)
		client_unmapped(addr, len);
	return (int)shim_return(r);
}
