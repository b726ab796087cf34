/* Inside sock: the urgent byte of a fifo. The caller holds r_lock where a struct
 * fifo_end is passed, w_lock (or is the service) for put.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_URGENT_H
#define SOCK_URGENT_H

#include "inside.h"

/* Was there ever a mark that still counts? One look, for the fast path. */
static inline bool sock_urgent_any(struct shm_fifo *f)
{
	/* Pairs with the swap that puts it up, before the byte is published. */
	return atomic_get_relaxed(&f->urg) != 0;
}

/* The byte of count `at`, not yet published, is urgent. oobinline: the reader's. */
void sock_urgent_put(struct shm_fifo *f, uint32_t at, bool oobinline);
/* How many of `avail` bytes one recv() may give, after *skip that it may not. Bytes
 * that a newer mark has passed over are released. */
uint32_t sock_urgent_plan(struct shm_fifo *f, struct fifo_end *r, uint32_t avail,
	bool oobinline, uint32_t *skip);
/* The reader is at `head` now: a mark behind it goes down. */
void sock_urgent_passed(struct shm_fifo *f, uint32_t head);
/* Is the next byte the marked one? */
bool sock_urgent_at(struct shm_fifo *f);
/* Is there an urgent byte for recv(MSG_OOB)? */
bool sock_urgent_ready(struct shm_fifo *f);
/* Of `used` bytes in the queue those that count for poll; to_mark: for FIONREAD. */
uint32_t sock_urgent_unread(struct shm_fifo *f, uint32_t used, bool oobinline,
	bool to_mark);
/* recv(MSG_OOB): 1, -EINVAL none or read, -EAGAIN announced but not there. */
ssize_t sock_urgent_take(const struct sock_env *e, uint32_t fifo,
	struct shm_fifo *f, uint8_t *byte, bool peek);
/* What a writer marked last, if anything. */
bool sock_urgent_sent(struct shm_fifo *f, uint32_t *at);

#endif
