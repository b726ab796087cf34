/* HyStart, for CUBIC: the end of slow start by delay (RFC 9406, and Linux's).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_HYSTART_H
#define TCP_HYSTART_H

#include "conn.h"

/* A connection begins, or begins anew after a timeout. */
void hystart_begin(struct conn *c, struct instant now);
/* A round trip of `delay` us was seen, in slow start or not. May end slow start. */
void hystart_acked(struct conn *c, struct instant now, uint32_t delay);
/* For how many of the segments that were acknowledged slow start grows. */
uint32_t hystart_share(struct conn *c, uint32_t acked);

#endif
