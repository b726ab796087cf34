/* What was lost: recovery.c.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_RECOVERY_H
#define TCP_RECOVERY_H

#include "conn.h"

void recovery_init(struct conn *c);
void recovery_ack(struct conn *c, struct instant now, const struct segment *s,
	bool window_same);
void recovery_timeout(struct conn *c, struct instant now);
void recovery_reorder_timeout(struct conn *c, struct instant now);
/* A packet was too big; mtu: what ICMP said, 0 if only the route knows. */
void recovery_resize(struct conn *c, struct instant now, uint32_t mtu);

#endif
