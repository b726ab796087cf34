/* Inside sock: a datagram on its way out.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_DGRAM_H
#define SOCK_DGRAM_H

#include "inside.h"
#include "wishes.h"

#define UDP_HEADER 8 /* bytes, of UDP-Lite too */

/* Everything that is decided about it before a byte moves. */
struct outgoing {
	uint32_t i;
	struct shm_sock *s;
	enum sock_addr_kind kind; /* of m.dst */
	bool connected;		  /* no address was given */
	struct sock_way way;
	struct shm_msg m;
};

/* dgram.c: put it into a queue, under w_lock inside: 0, -ENOBUFS, -EMSGSIZE. */
int sock_enqueue(const struct sock_env *e, uint32_t fifo, const struct shm_msg *m,
	const struct span *payload, unsigned n);
/* The transmit queue, made with the first message. NULL: no memory. */
struct shm_fifo *sock_dgram_tx(struct sock_env *e, struct shm_sock *s);

/* dgram_recv.c: the next message, as far as it fits; MSG_PEEK, MSG_TRUNC of *msg_flags.
 * -EAGAIN none, -EFAULT. deliver.c: one for the service to send; -EAGAIN no room. */
ssize_t sock_dgram_take(struct sock_env *e, struct shm_sock *s,
	const struct iovec *iov, int n, int flags, struct shm_msg *m, int *msg_flags);
int sock_dgram_to_service(struct sock_env *e, uint32_t i, struct shm_sock *s,
	const struct shm_msg *m, const struct span *payload, unsigned n,
	struct sock_effect *fx);

/* deliver.c: to this host or to the service. 0 or -errno. */
int dgram_out(struct sock_env *e, struct outgoing *o, const struct span *payload,
	unsigned n, struct sock_effect *fx);

/* cork.c. Is a datagram growing? */
bool dgram_corked(const struct shm_sock *s);
/* Begin one with o, or add to it; s->lock is held. 0, -EMSGSIZE, -ENOBUFS: then
 * what was gathered is lost, as on Linux. */
int dgram_cork(struct sock_env *e, const struct outgoing *o, struct shm_sock *s,
	const struct span *payload, unsigned n, size_t total);
/* Send what was gathered; s->lock is held. */
int dgram_uncork(struct sock_env *e, uint32_t i, struct shm_sock *s,
	struct sock_effect *fx);
void dgram_cork_drop(struct sock_env *e, struct shm_sock *s);

#endif
