/* How long a packet may be: pathmtu.c, mtuprobe.c.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_PATHMTU_H
#define TCP_PATHMTU_H

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"
#include "wire/seq.h"

struct conn;
struct tcp;
struct tcp_tuple;
struct ip_addr;

/* RFC 4821, in Linux's words. Lengths in bytes of IP packet. */
struct mtuprobe {
	bool enabled;
	uint32_t low, high;	/* it takes; it may take */
	uint32_t size;		/* of the probe that is under way; 0: none */
	struct seq start, end;	/* of its payload */
	struct instant since;	/* this search */
};

/* pathmtu.c. Of a route: -ENETUNREACH; else *mtu is what its path takes. */
int tcp_route(struct tcp *t, struct instant now, const struct tcp_tuple *tuple,
	const struct ip_addr *hop, uint32_t ifindex, uint32_t *mtu);
uint32_t tcp_mss_limit(uint32_t mtu, uint8_t family, uint16_t user);
/* What a SYN offers. */
uint16_t tcp_advmss(const struct tcp *t, uint32_t mtu, uint8_t family, uint16_t user);
int conn_route(struct conn *c, struct instant now);
void conn_update_mss(struct conn *c);
uint32_t conn_mss(const struct conn *c); /* payload of a full segment */
uint32_t conn_mss_of(const struct conn *c, uint32_t mtu); /* ... if mtu is taken */
uint32_t conn_mtu_of(const struct conn *c, uint32_t mss);
/* A router has said so of a packet of ours (0: the own host has). True: the segments
 * became smaller. */
bool conn_path_said(struct conn *c, struct instant now, uint32_t mtu);
/* Before and after sending: has the route changed? */
void conn_follow_path(struct conn *c);
void conn_look_at_path(struct conn *c, struct instant now);

/* mtuprobe.c */
enum mtuprobe_verdict { MTUPROBE_NO, MTUPROBE_WAIT, MTUPROBE_SEND };

void mtuprobe_init(struct conn *c, struct instant now);
/* Shall the next segment be a longer one, of *size bytes of payload? WAIT: soon, and
 * nothing is to be sent before. */
enum mtuprobe_verdict mtuprobe_next(struct conn *c, struct instant now, uint32_t *size);
void mtuprobe_sent(struct conn *c, uint32_t size);
void mtuprobe_acked(struct conn *c, struct instant now);
/* Something was lost. True: it was the probe; that is no sign of congestion. */
bool mtuprobe_was_lost(struct conn *c);
/* Timeouts in a row: perhaps nothing that long arrives. */
void mtuprobe_black_hole(struct conn *c, struct instant now);

#endif
