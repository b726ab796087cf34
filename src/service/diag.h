/* What the kernel knows of AF_UNIX sockets (NETLINK_SOCK_DIAG): which stand-ins
 * still exist anywhere, in whichever process, and how long a listener's queue
 * is. A socket is named by inode and cookie; the cookie is never used again.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_DIAG_H
#define SERVICE_DIAG_H

#include <stdint.h>

struct diag {
	int fd; /* -1: not open */
	uint32_t seq;
};

/* -EOPNOTSUPP: this kernel cannot be asked about AF_UNIX sockets. */
int diag_open(struct diag *d);
void diag_close(struct diag *d);
/* Does the socket exist? 0 yes, with a listener's pending connections and
 * backlog; -ENOENT no; other -errno: not known. queued, backlog may be NULL. */
int diag_look(struct diag *d, uint64_t cookie, uint64_t ino, uint32_t *queued,
	uint32_t *backlog);
/* Calls fn with the cookie of each socket. Returns 1 when the kernel told them all in
 * one answer: then one that was there all the time is missing only if it is being bound
 * just now, which moves it in the kernel's table. 0: it told them in several; whatever
 * goes between two makes the kernel, which counts, leave out another. So ask diag_look()
 * before believing that one is gone. -errno: not all were told. */
int diag_dump(struct diag *d, void (*fn)(void *user, uint64_t cookie),
	void *user);

#endif
