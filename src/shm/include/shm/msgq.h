/* A queue of datagrams over a byte fifo: a header, then the payload, then a gap
 * (shm_msgq_footprint). Whole messages only. The caller holds the end's lock.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHM_MSGQ_H
#define SHM_MSGQ_H

#include <stdint.h>

#include "base/fifo.h"
#include "base/span.h"
#include "shm/layout.h"

enum shm_msg_flag {
	SHM_MSG_WHOLE = 1 << 0, /* outward: begins with the network header */
	SHM_MSG_NO_CHECKSUM = 1 << 1,
	SHM_MSG_NO_LOOP = 1 << 2, /* outward, a group: not to ourselves */
	SHM_MSG_STAMP_TX = 1 << 3,  /* outward: report when it leaves ... */
	SHM_MSG_STAMP_SCHED = 1 << 4, /* ... was queued; err is the report's key */
	SHM_MSG_ROUTED = 1 << 5, /* outward: by a source route, dst is its first hop */
};

struct shm_msg {
	uint32_t len; /* payload bytes that follow */
	uint32_t flags; /* enum shm_msg_flag */
	struct shm_addr src, dst; /* error queue: offender, where it was sent to */
	int64_t time_ns; /* arrival, CLOCK_REALTIME; 0 unknown */
	uint32_t ifindex;
	uint8_t ttl, tos;
	uint8_t pmtu; /* outward: IP_MTU_DISCOVER */
	uint8_t pad;
	uint32_t drops; /* that the receiver had lost before it */
	uint32_t err;	/* struct sock_extended_err's: errno */
	uint8_t origin, type, code, err_flags;
	uint32_t info, data; /* arrived: sender's SO_PRIORITY and SO_MARK */
	uint16_t gso;	   /* bytes of each of the datagrams in it; 0: one */
	uint16_t coverage; /* UDP-Lite's; 0: all */
	uint8_t optlen, pad1;
	uint16_t frag; /* outward: no longer packet, IPV6_MTU; 0: as the way has it */
	uint8_t opt[40]; /* IPv4's options: outward with our slots filled */
};
static_assert(sizeof(struct shm_msg) == 144, "shm_msg");

#define SHM_MSG_MAX (1u << 20) /* bytes of payload: above any datagram */

/* Bytes of the ring that a message of this length takes: what Linux would charge
 * to the socket's buffer. */
uint32_t shm_msgq_footprint(uint32_t len);
/* 0; -ENOBUFS when it does not fit in `limit` bytes with those that wait (the first
 * always does, as on Linux) or the ring has no room; -EMSGSIZE when no ring of this
 * size could hold it; -EPROTO corrupt. Payload in pieces: their lengths add up to
 * m->len. */
int shm_msgq_put(struct fifo_end *w, uint32_t limit, const struct shm_msg *m,
	const struct span *payload, unsigned n);
/* The same where so many bytes, at most, are known to be unread. */
int shm_msgq_put_at(struct fifo_end *w, uint32_t used, uint32_t limit,
	const struct shm_msg *m, const struct span *payload, unsigned n);
/* The first message's header: 1, 0 when empty, -EPROTO when what lies there is
 * not a whole message (the caller then resets the queue). */
int shm_msgq_peek(const struct fifo_end *r, struct shm_msg *m);
/* The same for the message that begins `at` bytes later: walk by footprints. */
int shm_msgq_peek_at(const struct fifo_end *r, uint32_t at, struct shm_msg *m);
/* Bytes [off, off + len) of the first message's payload. */
void shm_msgq_copy(const struct fifo_end *r, uint32_t off, void *dst, uint32_t len);
/* Take the first message (just peeked) away. */
void shm_msgq_drop(struct fifo_end *r, const struct shm_msg *m);

#endif
