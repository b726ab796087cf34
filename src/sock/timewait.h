/* Inside sock: what connections within the host leave behind. Where `e` has no
 * clock there is no TIME-WAIT.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_TIMEWAIT_H
#define SOCK_TIMEWAIT_H

#include "inside.h"

#define TW_NS INT64_C(60000000000)	/* Linux: TCP_TIMEWAIT_LEN */
#define TW_FIN_WAIT_MAX_NS (2 * TW_NS)	/* Linux: TCP_FIN_TIMEOUT_MAX */
#define TW_LONGEST_NS (TW_FIN_WAIT_MAX_NS + TW_NS)
#define TW_REUSE_NS INT64_C(1000000000) /* Linux: tcp_tw_reuse_delay */

enum {
	TW_REUSE = 1,	  /* SO_REUSEADDR was set */
	TW_REUSEPORT = 2,
	TW_V6ONLY = 4,
	TW_AUTOBOUND = 8, /* connect() had chosen the port */
	TW_FIN_WAIT = 16, /* the other end has not closed yet */
	TW_DEAD = 32,	  /* reused, or reset */
	TW_V6 = 64,	  /* of a socket of IPv6 */
};

struct tw_walk {
	uint32_t number, steps;
	bool begun;
};

int64_t sock_now(const struct sock_env *e);
/* TCP's port table (port.c). */
bool sock_tw_lock(const struct sock_env *e);
void sock_tw_unlock(const struct sock_env *e);

/* --- under that lock --- */

/* The records of a local port, one at each call; NULL no more. */
struct shm_time_wait *sock_tw_next(const struct sock_env *e, uint16_t port,
	int64_t now, struct tw_walk *walk);
struct shm_time_wait *sock_tw_find(const struct sock_env *e,
	const struct shm_addr *local, const struct shm_addr *remote, int64_t now);
void sock_tw_add(struct sock_env *e, const struct shm_time_wait *new);
/* May a new connection take its names (chosen: the port is not the user's)? Then the
 * caller marks it TW_DEAD. */
bool sock_tw_reusable(const struct shm_time_wait *w, bool chosen, int64_t now);
/* Has the connection of s come to its end though a descriptor is open, so that it
 * holds no port any more? */
bool sock_tw_released(struct sock_env *e, struct shm_sock *s, int64_t now);

/* --- without it --- */

/* s is dead and about to leave the port table: what does it leave? reset: it died
 * with RST. */
void sock_tw_leave(struct sock_env *e, uint32_t i, struct shm_sock *s, bool reset);
/* The dead peer of s is answered with RST. */
void sock_tw_reset(struct sock_env *e, struct shm_sock *s);

#endif
