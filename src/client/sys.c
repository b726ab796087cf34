/* The few system calls that want more than a line.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "client/sys.h"

#include <sys/mman.h>
#include <time.h>

void *sys_alloc(size_t bytes)
{
	long r = sys_call6(SYS_mmap, 0, bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return r < 0 && r > -4096 ? NULL : (void *)(uintptr_t)r;
}

void sys_free(void *p, size_t bytes)
{
	if (p)
		sys_call2(SYS_munmap, p, bytes);
}

int sys_close(int fd)
{
	return (int)sys_call1(SYS_close, fd);
}

int64_t sys_wall_ns(void *unused)
{
	struct timespec t;

	(void)unused;
	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

int64_t sys_now_ns(void)
{
	struct timespec t;

	/* By way of the vDSO; never fails for this clock. */
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}
