/* Inside the client: taking doorbells out, when several sleep on one socket (bells.c).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_BELLS_H
#define CLIENT_BELLS_H

#include "internal.h"
#include "sock/held.h"

/* How long who woke in vain waits for others to leave, if these are stopped. */
#define BELLS_LIMIT_NS (2 * NS_PER_MS)
/* In shm_sock.rung: all but one were taken, none has come since. */
#define BELL_PUT_BACK 2

enum bells { BELLS_TAKEN, BELLS_LEFT, BELLS_GONE };

/* From now on until bells_leave() this thread may sleep on the stand-in: a bell that
 * is rung now is not taken by others. The caller looks at its condition after this.
 * False: too many processes sleep there. */
bool bells_enter(const struct fd_ref *r);
void bells_leave(const struct fd_ref *r);
/* Take out what nobody else needs: BELLS_LEFT if others do. GONE: the far end seems
 * to be (standin_gone() asks). The caller is not inside. */
enum bells bells_take(const struct fd_ref *r);
/* An epoll that was rung about socket i is awake, and has left the bell where it is. */
void bells_heard(uint32_t i);
/* Before the next sleep, not being inside: until the bells are out. 0: look again;
 * -EINTR; -ETIMEDOUT: others are inside who do not leave. */
int bells_clear(const struct fd_ref *r, int64_t deadline);
/* wait.c: what the other end of a stream within the host, or who sent us a datagram last, says
 * of its waits (spin.h); 0 unknown. Leaves word of ours. */
uint32_t wait_other(const struct shm_sock *s, unsigned want);
/* `until`, or earlier if by then the far end's held bytes are to be looked at. */
int64_t wait_look(const struct fd_ref *r, int64_t until);

#endif
