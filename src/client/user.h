/* Inside the client: what a program's pointers point to. False: EFAULT.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_USER_H
#define CLIENT_USER_H

#include <sys/socket.h>
#include <sys/uio.h>

#include "base/touch.h"

#define USER_NAME_BYTES 28 /* the longest name that we tell: sockaddr_in6 */

static inline size_t user_least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* `most`: no more than so much is looked at. */
static inline bool user_reads(const void *p, size_t n, size_t most)
{
	return n == 0 || touch_read(p, user_least(n, most));
}

static inline bool user_writes(void *p, size_t n, size_t most)
{
	return n == 0 || touch_write(p, user_least(n, most));
}

/* An array of pieces; too many, or fewer than none, are told elsewhere. */
static inline bool user_reads_iov(const struct iovec *iov, ssize_t n)
{
	return n <= 0 || n > 1024 || touch_read(iov, (size_t)n * sizeof(*iov));
}

/* Room for a name, and its length. */
static inline bool user_takes_name(void *sa, socklen_t *len)
{
	return touch_write(len, sizeof(*len)) && ((int)*len < 0 ||
		user_writes(sa, *len, USER_NAME_BYTES));
}

#endif
