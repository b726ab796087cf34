/* Inside the client: the stages of a stream's life that are not one call's alone.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_STAGES_H
#define CLIENT_STAGES_H

#include <stdbool.h>
#include <stdint.h>

struct fd_ref;
struct shm_sock;

/* --- defer.c -------------------------------------------------------------------- */

/* Does that listener want no connection before its first bytes? */
bool connect_may_defer(const struct fd_ref *r, const struct shm_sock *listener);
/* Now it is to have it (SHM_F_DEFERRED): bytes are there, or the end, or we sleep. */
void connect_deferred(const struct fd_ref *r);

/* --- linger.c ------------------------------------------------------------------- */

struct linger_plan {
	uint32_t i, gen; /* i 0: no waiting */
	int seconds;
};

/* Before the descriptor is closed, and after it. */
struct linger_plan linger_plan(int fd);
void linger_wait(const struct linger_plan *p);

/* --- renew.c ------------------------------------------------------------------- */

/* The socket leaves its connection (with a reset) or its listening, and *r is a
 * fresh one behind the same numbers; pending: its so_error, 0 none. */
int standin_renew(struct fd_ref *r, int pending);
/* Has a stream's stand-in a listener's name, which cannot be taken back? */
bool standin_was_listener(const struct shm_sock *s);

#endif
