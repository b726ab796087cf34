/* The Berkeley rules, what the client asks before a look: at bytes (MSG_PEEK) and at the
 * value of an option.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_PEEK_H
#define SOCK_PEEK_H

#include "sock/sock.h"

/* SO_PEEK_OFF of a stream: where a look begins; and one has seen so many bytes. */
uint32_t sock_peek_from(const struct shm_sock *s);
void sock_peeked(struct sock_env *e, uint32_t i, size_t n);

/* Is an option refused whatever the value, which Linux does not look at then? */
bool sock_option_unknown(struct sock_env *e, uint32_t i, int level, int name);

#endif
