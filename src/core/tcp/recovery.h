/* What was lost, and what is done about it: recovery.c.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_RECOVERY_H
#define TCP_RECOVERY_H

#include "conn.h"

void recovery_init(struct conn *c);
/* s acknowledges up to SND.NXT at most. window: it tells a new one. */
void recovery_ack(struct conn *c, struct instant now, const struct segment *s,
	bool window);
/* s acknowledges less than SND.UNA: its SACK blocks may be news all the same. */
void recovery_old_ack(struct conn *c, struct instant now,
	const struct segment *s);
/* Nothing came back (RFC 6298 5.4): what may be lost is. */
void recovery_timeout(struct conn *c, struct instant now);
void recovery_reorder_timeout(struct conn *c, struct instant now);
/* r went out again; probe: for a lost tail, not as a repair. */
void recovery_resent(struct conn *c, struct instant now, struct txseg *r,
	bool probe);
/* Segments marked lost were so for another reason than congestion: they go again. */
void recovery_no_congestion(struct conn *c, struct instant now);
/* A packet was too big; mtu: what ICMP said, 0 if only the route knows. */
void recovery_resize(struct conn *c, struct instant now, uint32_t mtu);

#endif
