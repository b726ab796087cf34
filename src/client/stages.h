/* Inside the client: the stages of a stream's life that are not one call's alone.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_STAGES_H
#define CLIENT_STAGES_H

#include <stdbool.h>
#include <stdint.h>

struct fd_ref;
struct shm_sock;

/* --- defer.c -------------------------------------------------------------------- */

/* Does the listener of that embryo want no connection before its first bytes? */
bool connect_is_deferred(uint32_t embryo);
/* Wait at the service's for bytes to send. 0 or -errno: as standin_connect(). */
int connect_silent(const struct fd_ref *r);
/* accept() has got a connection that waited so: its stand-in comes behind the hello,
 * and takes the place of fd. 0 or -errno. */
int standin_handed(int fd, int flags);

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
