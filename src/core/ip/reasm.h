/* Putting fragments together (RFC 791 3.2, RFC 815; RFC 8200 4.5).
 *
 *   ip_buf:  [ .... header | payload, each fragment at its place ....... ]
 *                          ^ REASM_HEADER
 *
 * A datagram has one buffer of the pool and waits REASM_V4_S or REASM_V6_S for its
 * missing parts; if the first part had come its sender is told (time exceeded).
 * At most REASM_MAX wait, REASM_PER_SOURCE from one source: a new one takes the
 * oldest one's place. Parts that overlap drop the whole (RFC 5722 4; Linux does so
 * for IPv4 too), what came twice is ignored.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef IP_REASM_H
#define IP_REASM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/list.h"
#include "base/timerq.h"
#include "holes.h"
#include "ip/limits.h"

struct ip_host;
struct ip_buf;
struct ipv4_packet;
struct ipv6_packet;
struct rx;

/* What tells the datagrams apart. */
struct reasm_key {
	struct ip_addr src, dst;
	uint32_t id;
	uint8_t proto; /* IPv4's; 0 for IPv6 */
	bool looped;   /* ours: others may not add to it */
};

struct reasm {
	struct list node; /* in waiting, the oldest first; or in free */
	struct timer_node timer;
	struct reasm_key key;
	struct ip_buf *buf;
	struct holes holes;
	uint32_t len;	     /* bytes of payload as far as known */
	bool whole_known;    /* len is the datagram's */
	uint8_t ecn;	     /* 1 << ECN field, of all parts */
	uint16_t header_len; /* bytes of the first part's; 0: has not come */
	uint16_t first_len;  /* bytes of payload in it */
	uint32_t ifindex;    /* by which it came */
	bool link_group;
	uint16_t named_at;   /* IPv6: field that names the fragment header */
	uint8_t fragment[8]; /* IPv6: the first part's fragment header */
};

struct reasm_table {
	struct list waiting, free;
	struct timerq timers;
	unsigned n;
	struct reasm places[REASM_MAX];
};

void reasm_init(struct reasm_table *t);
void reasm_fini(struct ip_host *h);
/* A fragment for us. When it was the last one missing, the whole goes to
 * input_ipv4() or input_ipv6() before this returns. */
void reasm_input_v4(struct ip_host *h, struct instant now, const struct rx *rx,
	const struct ipv4_packet *p);
void reasm_input_v6(struct ip_host *h, struct instant now, const struct rx *rx,
	const struct ipv6_packet *p);
/* Give up what has waited too long. */
void reasm_tick(struct ip_host *h, struct instant now);

#endif
