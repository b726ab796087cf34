/* The usual send() and recv(): a stream within the host, connected, one piece, no flags,
 * nothing held back, urgent or over. Whatever else is the case is seen in few words, and
 * then nothing is done: the caller goes to sock_send() and sock_recv(), which know all.
 * What these would do in the usual case, these do, to the byte.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_PLAIN_H
#define SOCK_PLAIN_H

#include "sock/sock.h"

/* Flags of the call that change nothing here: who waits, and who hears of EPIPE, is the
 * caller's business. */
#define SOCK_PLAIN_FLAGS (MSG_NOSIGNAL | MSG_DONTWAIT)

/* s: a live record. True: all n bytes went; *ring: the other end wants a bell. */
bool sock_send_plain(struct sock_env *e, struct shm_sock *s, const void *p, size_t n,
	bool *ring);
/* How many bytes came, at most n; 0: ask sock_recv(). */
size_t sock_recv_plain(struct sock_env *e, struct shm_sock *s, void *p, size_t n,
	bool *ring);

#endif
