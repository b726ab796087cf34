/* Inside libenchufe-packetdrill.so: our core under the original packetdrill.
 *
 *   drill.c    the host, virtual time, packets, waiting; the table
 *   calls.c    the calls of the table
 *   preload.c  what packetdrill does beside the table (with LD_PRELOAD)
 *
 * packetdrill calls from two threads: a call that blocks is made in one of its own,
 * while the other lets time pass. One lock; who waits sleeps on a condition, as
 * packetdrill wants (it looks into /proc whether the thread sleeps), and each step of
 * time ends only when all sleepers have looked again: so runs are repeatable.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef DRILL_H
#define DRILL_H

#include "../play.h"
#include "table.h"

/* The one host: its descriptors are p->fds, by their real numbers. */
struct drill;
struct drill *drill_get(void); /* locked; makes the host */
void drill_put(struct drill *d);
struct play *drill_play(struct drill *d);
bool drill_running(void); /* the host is there */

/* Until something may have changed; false: `until` has come. Unlocks meanwhile. */
bool drill_wait(struct drill *d, struct instant until);

/* A real descriptor for it; -errno. Any of ours; NULL: not ours. */
int drill_fd_new(struct drill *d, enum play_fd_kind kind, uint32_t sock, bool nonblock);
struct play_fd *drill_fd(struct drill *d, int fd);

void drill_calls(struct drill_table *t); /* fill in its calls */
/* getsockopt(2); -errno. */
int drill_getsockopt(struct drill *d, int fd, int level, int name, void *value,
	socklen_t *len);
ssize_t drill_send(int fd, const struct iovec *iov, int n, int flags,
	const struct sockaddr *to, socklen_t tolen, struct msghdr *control);

#endif
