/* The Berkeley rules, packet sockets (AF_PACKET): for who sees the frames pass, and for
 * who waits; what holds for all of it: sock/sock.h.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_PACKETS_H
#define SOCK_PACKETS_H

#include "sock/sock.h"

/* A frame as it passes. */
struct sock_frame {
	uint32_t ifindex;
	uint8_t type; /* PACKET_HOST ... PACKET_OUTGOING */
	uint16_t protocol; /* of Ethernet: ETH_P_IP, ETH_P_802_2 ... */
	uint8_t source[6]; /* its sender's address */
	const struct span *spans; /* link header first */
	unsigned n;
	uint32_t len;
	int64_t time_ns; /* CLOCK_REALTIME */
	uint32_t sender; /* the packet socket that sent it, 0: none */
};

/* Is there any? A look that costs nothing. */
bool sock_any_packet(const struct sock_env *e);
/* Does one of them watch lo, so that what this host says to itself has to be packets? */
bool sock_packets_on_lo(struct sock_env *e);
/* Who gets that frame; the number. */
unsigned sock_packet_find(struct sock_env *e, const struct sock_frame *f,
	uint32_t *out, unsigned max);
/* Give it to socket i. True: ring. *retire_ms: not 0, then its block of a ring is to
 * be given to the program after so long, if it still is not (sock_packet_retire). */
bool sock_packet_deliver(struct sock_env *e, uint32_t i, const struct sock_frame *f,
	uint32_t *retire_ms);
/* PACKET_QDISC_BYPASS: others do not see what it sends. */
bool sock_packet_bypasses(const struct sock_env *e, uint32_t i);
/* The time is over. True: ring. */
bool sock_packet_retire(struct sock_env *e, uint32_t i);

/* For /proc/net/packet and packet_diag; false: i is none. */
struct sock_packet_view {
	int type; /* SOCK_RAW, SOCK_DGRAM */
	uint16_t protocol;
	uint32_t ifindex, unread;
	uint32_t fanout; /* as PACKET_FANOUT tells it; 0: in no group */
	/* PACKET_RX_RING; block_nr 0: none. */
	uint32_t block_size, block_nr, frame_size, frame_nr, timeout_ms, priv_size;
};
bool sock_packet_view(const struct sock_env *e, uint32_t i,
	struct sock_packet_view *out);

/* mmap() of a packet socket: where its ring of exactly this length is. 0, -ENODEV (no
 * packet socket), -EINVAL. */
int sock_packet_map(struct sock_env *e, uint32_t i, uint64_t offset, size_t len,
	void **at);
void sock_packet_unmap(struct sock_env *e, uint32_t i);
/* A mapping keeps its socket alive, as an open descriptor does. */
bool sock_packet_mapped(const struct sock_env *e, uint32_t i);

#endif
