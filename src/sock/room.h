/* How much a stream takes: room.c. SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_ROOM_H
#define SOCK_ROOM_H

#include "inside.h"

/* Unread bytes allowed in f, whose writing end is w. */
uint32_t room_limit(const struct sock_env *e, const struct shm_sock *s,
	struct shm_fifo *f, const struct fifo_end *w);
/* As POLLOUT has it. */
bool room_is_writable(const struct sock_env *e, const struct shm_sock *s,
	struct shm_fifo *f);
/* After bytes were released, by the reading end r: is the writer to be told? Then this
 * caller does it. */
bool room_came(struct shm_fifo *f, const struct fifo_end *r);

#endif
