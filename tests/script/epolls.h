/* Readiness and epolls of a script's sockets. SPDX-License-Identifier: BSD-2-Clause */
#ifndef SCRIPT_EPOLLS_H
#define SCRIPT_EPOLLS_H

#include "play.h"

struct epolls_event {
	uint32_t events;
	int64_t data;
};

/* What is true of a socket now, of those POLL* bits and those always told. */
unsigned epolls_ready(struct play *p, const struct play_fd *f, unsigned events);
/* The arena's index, or -ENOMEM: for a play_fd of kind PLAY_FD_EPOLL. */
int epolls_make(struct play *p);
/* As epoll_ctl(2); fd is the number of one of p->fds. */
int epolls_ctl(struct play *p, const struct play_fd *ep, int op, int fd,
	uint32_t events, int64_t data);
/* What is ready, at most so many (PLAY_WATCHES); does not wait. */
int epolls_wait(struct play *p, const struct play_fd *f, struct epolls_event *out,
	int max);
void epolls_forget(struct play *p, int fd); /* a socket that is closed */
void epolls_close(struct play *p, const struct play_fd *f);

#endif
