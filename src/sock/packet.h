/* Inside sock: packet sockets (packet.c has the picture).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_PACKET_H
#define SOCK_PACKET_H

#include "inside.h"
#include "shm/packet.h"
#include "sock/packets.h"

#define PACKET_ETH_HEADER 14
#define PACKET_ETH_ALL 3 /* ETH_P_ALL */
#define PACKET_ETH_NEEDED 0x0600 /* from here on it is a type, not a length */

/* Its page; NULL: something is wrong with it. */
struct shm_packet *packet_page(const struct sock_env *e, const struct shm_sock *s);

/* Does the host talk to itself by packets, now? */
static inline bool sock_by_packets(struct sock_env *e)
{
	return e->arena->hdr->loopback_packets ||
		(sock_any_packet(e) && sock_packets_on_lo(e));
}

/* packet.c; the record is filled in. */
int packet_init(struct sock_env *e, uint32_t i, struct shm_sock *s, bool cooked,
	uint16_t protocol);
int packet_bind(struct sock_env *e, struct shm_sock *s, const struct sockaddr *sa,
	socklen_t len);
int packet_name(const struct sock_env *e, const struct shm_sock *s,
	struct sockaddr *sa, socklen_t *len);
/* Frees what it has beside its queues. */
void packet_fini(struct sock_env *e, struct shm_sock *s);

/* packet_io.c */
ssize_t packet_send(struct sock_env *e, uint32_t i, struct shm_sock *s,
	const struct iovec *iov, int n, const struct sockaddr *to, socklen_t tolen,
	const struct msghdr *control, struct sock_effect *fx);
ssize_t packet_recv(struct sock_env *e, struct shm_sock *s, const struct iovec *iov,
	int n, int flags, struct sockaddr *from, socklen_t *fromlen,
	struct msghdr *control, int *msg_flags);

/* packet_fanout.c: PACKET_FANOUT. s->lock is held. */
int packet_fanout_set(struct sock_env *e, uint32_t i, struct shm_packet *p,
	const void *val, socklen_t len);
/* Has its last descriptor been closed? Then it is no member any more. */
bool packet_fanout_left(struct sock_env *e, uint32_t i);
uint32_t packet_fanout_told(const struct shm_packet *p);
/* Who of these members of one group gets the frame. */
uint32_t packet_fanout_pick(struct sock_env *e, const struct sock_frame *f,
	uint32_t *members, unsigned n);
/* Bytes of a frame from `at` on: how many there are, at most `size`. */
uint32_t packet_copy(const struct sock_frame *f, uint32_t at, uint8_t *out, uint32_t size);

/* packet_ring.c: PACKET_RX_RING. */
struct packet_in; /* what is put there */
bool packet_has_ring(const struct shm_packet *p);
/* tpacket_req, or tpacket_req3 for TPACKET_V3. s->lock is held. */
int packet_ring_set(struct sock_env *e, struct shm_packet *p, const void *val,
	socklen_t len);
/* Is a frame, or a block, of its ring the program's? */
bool packet_readable(const struct sock_env *e, const struct shm_sock *s);
/* True: there is something new to read. */
bool packet_ring_put(const struct sock_env *e, struct shm_packet *p,
	const struct packet_in *in);
void packet_ring_free(struct sock_env *e, struct shm_packet *p);

#define PACKET_IN_SPANS 8

/* A frame as one socket gets it. */
struct packet_in {
	const struct sock_frame *frame;
	const struct span *spans; /* from where it begins for this socket */
	unsigned n;
	uint32_t len, keep; /* bytes there are, bytes that the filter leaves */
	uint32_t net;	    /* where the network header begins */
	bool cooked;
};

/* The sockaddr_ll that comes with it; 20 bytes. */
struct sockaddr_ll;
void packet_address(const struct sock_frame *f, struct sockaddr_ll *out);

/* filter.c: how many bytes of the frame are wanted; -1: none of it. */
int64_t filter_frame(const struct sock_env *e, const struct shm_sock *s,
	const struct sock_frame *f, bool cooked);

#endif
