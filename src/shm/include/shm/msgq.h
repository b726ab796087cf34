/* A queue of datagrams over a byte fifo: a header, then the payload, padded to
 * eight bytes. Whole messages only. The caller holds the end's lock.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHM_MSGQ_H
#define SHM_MSGQ_H

#include <stdint.h>

#include "base/fifo.h"
#include "base/span.h"
#include "shm/layout.h"

struct shm_msg {
	uint32_t len; /* payload bytes that follow */
	uint32_t flags; /* none yet */
	struct shm_addr src, dst;
	int64_t time_ns; /* arrival, CLOCK_REALTIME; 0 unknown */
	uint32_t ifindex;
	uint8_t ttl, tos;
	uint8_t pmtu; /* outward: IP_MTU_DISCOVER */
	uint8_t pad;
};
static_assert(sizeof(struct shm_msg) == 72, "shm_msg");

/* 0; -ENOBUFS when more than `limit` bytes wait already or the ring has no room
 * (as Linux, the message that crosses the limit is still taken); -EMSGSIZE when
 * no ring of this size could hold it; -EPROTO corrupt. Payload in pieces: their
 * lengths add up to m->len. */
int shm_msgq_put(struct fifo_end *w, uint32_t limit, const struct shm_msg *m,
	const struct span *payload, unsigned n);
/* The first message's header: 1, 0 when empty, -EPROTO when what lies there is
 * not a whole message (the caller then resets the queue). */
int shm_msgq_peek(const struct fifo_end *r, struct shm_msg *m);
/* Bytes [off, off + len) of the first message's payload. */
void shm_msgq_copy(const struct fifo_end *r, uint32_t off, void *dst, uint32_t len);
/* Take the first message (just peeked) away. */
void shm_msgq_drop(struct fifo_end *r, const struct shm_msg *m);

#endif
