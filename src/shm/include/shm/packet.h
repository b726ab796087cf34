/* What a packet socket (AF_PACKET) has beside its record: a page of its own, which
 * shm_sock.packet names. Its programs write it under the record's lock unless
 * something else stands there; the service takes none of it for granted.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHM_PACKET_H
#define SHM_PACKET_H

#include <assert.h>
#include <stdint.h>

#define SHM_FAMILY_PACKET 17 /* AF_PACKET, in shm_sock.family */
#define SHM_TYPE_PACKET 10   /* SOCK_PACKET, in shm_sock.type: of both kinds */

enum shm_packet_bit {
	SHM_P_COOKED = 1 << 0, /* SOCK_DGRAM: without the link header */
	SHM_P_AUXDATA = 1 << 1,
	SHM_P_ORIGDEV = 1 << 2,
	SHM_P_LOSS = 1 << 3,
	SHM_P_TX_HAS_OFF = 1 << 4,
	SHM_P_QDISC_BYPASS = 1 << 5,
	SHM_P_IGNORE_OUTGOING = 1 << 6,
};

/* Where packets lie that a program maps (PACKET_RX_RING): blocks of frames. */
struct shm_packet_ring {
	uint32_t fifo; /* whose ring is the memory; 0: none */
	uint32_t block_size, block_nr, frame_size, frame_nr;
	uint32_t head; /* S: next frame; TPACKET_V3: the block that is being filled */
	/* TPACKET_V3. */
	uint32_t timeout_ms, priv_size;
	uint32_t next, last; /* S: bytes in that block; of its last packet */
	uint32_t packets;    /* S: in that block */
	uint32_t frozen;     /* S: all blocks are the program's */
	uint64_t sequence;   /* S: of the next block */
};

struct shm_packet {
	_Atomic uint32_t bits;	/* enum shm_packet_bit */
	_Atomic uint32_t bound; /* ifindex; 0: all of them */
	_Atomic uint32_t protocol; /* of Ethernet, host order; 0: none, 3: all */
	uint32_t version;	/* TPACKET_V1 (0), V2, V3 */
	uint32_t reserve;	/* PACKET_RESERVE, bytes */
	uint32_t copy_thresh, timestamp;
	uint32_t fanout;	/* mode and id (packet_fanout.c); 0: none */
	uint32_t fanout_place;	/* in its group, as they came */
	uint32_t fanout_turn;	/* S: of the group's first, frames so far */
	_Atomic uint32_t packets, drops, freezes; /* S; since they were read */
	/* The process that has the ring mapped (as in a lock), and how often. */
	_Atomic uint32_t mapper, maps;
	struct shm_packet_ring rx;
};
static_assert(sizeof(struct shm_packet) <= 4096, "a page");

#endif
