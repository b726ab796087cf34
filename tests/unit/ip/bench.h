/* A network layer on a bench: what leaves it is kept, what comes up is kept, and
 * packets for it are easily made.
 *
 *   eth0 (ifindex 2)  02:00:00:00:00:01  10.0.0.1/24  fd00::1/64  fe80::ff:fe00:1
 *   the peer          02:00:00:00:00:02  10.0.0.2     fd00::2
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef IP_BENCH_H
#define IP_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ip/host.h"
#include "ip/look.h"

enum { BENCH_FRAMES = 128, BENCH_FRAME = 2048 };

struct bench_frame {
	uint32_t ifindex;
	size_t len;
	uint8_t b[BENCH_FRAME];
};

struct bench {
	struct ip_host *h;
	struct instant now;
	struct ip_addr v4, v6, peer4, peer6;
	unsigned nframes; /* sent, the last BENCH_FRAMES of them kept */
	struct bench_frame frames[BENCH_FRAMES];
	const void *last_payload; /* where the last span of the last frame was */
	unsigned npackets;	  /* given up */
	struct ip_packet_in packet; /* the last; l4 is not valid */
	uint8_t l4[BENCH_FRAME];
	int input_result;	  /* what the transport answers */
	unsigned nraw;		  /* packets shown */
	unsigned raw_version;	  /* of the last's header */
	size_t raw_l3_len;	  /* its length with the header */
	bool raw_result;	  /* what who looks answers */
	unsigned nlooks;	  /* frames shown to the onlooker, the last kept */
	struct ip_look look;	  /* its spans are not valid */
	uint8_t looked[BENCH_FRAME];
	unsigned npaths;	  /* how often a path was narrower */
	uint32_t path_mtu;	  /* at the last */
	unsigned nerrors;
	struct ip_error_in error; /* the last; l4 is not valid */
};

struct bench *bench_new(void);
void bench_free(struct bench *b);
struct ip_addr bench_addr(const char *text);
struct ip_prefix bench_prefix(const char *text);
/* The n-th frame from the end (0: the last). */
const struct bench_frame *bench_last(const struct bench *b, unsigned n);
/* Let time pass, ticking when due. */
void bench_run(struct bench *b, struct duration d);

/* Give an IP packet from src to dst in a frame from the peer to eth0. */
void bench_give(struct bench *b, const struct ip_addr *src,
	const struct ip_addr *dst, uint8_t proto, const void *l4, size_t len);
/* A frame with this type and payload, to mac (NULL: eth0). */
void bench_give_frame(struct bench *b, const uint8_t *mac, uint16_t type,
	const void *payload, size_t len);
/* Teach it the peer's addresses, then forget what it has sent. */
void bench_meet(struct bench *b);
/* ip_send of these bytes. */
int bench_send(struct bench *b, const struct ip_addr *dst, uint8_t proto,
	const void *data, size_t len);

#endif
