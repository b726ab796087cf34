/* Bytes that a stream's writer holds back within the host (MSG_MORE, TCP_CORK), as
 * seen by those who wait for them, and by the writer.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_HELD_H
#define SOCK_HELD_H

#include "sock/sock.h"

/* Stream: when bytes that the other end holds back will be there at the latest
 * (monotonic ns), however nobody rings; 0: it holds none. */
int64_t sock_held_until(struct sock_env *e, uint32_t i);
/* The set is to look at its sockets again by then. */
void sock_look_at(struct shm_epoll *ep, int64_t until);
/* Show the other end (to another host: send) all that i's writers hold back. */
void sock_push(struct sock_env *e, uint32_t i, struct sock_effect *fx);

#endif
