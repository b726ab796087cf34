/* Reno (RFC 5681, byte counting's L of RFC 3465 without limit as in Linux).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ack.h"

static void avoid(struct conn *c, struct instant now, uint32_t acked)
{
	struct cc *cc = &c->cc;

	(void)now;
	if (!cc_is_limited(cc)) /* RFC 7661 */
		return;
	if (cc_in_slow_start(cc)) {
		acked = cc_slow_start(cc, acked);
		if (acked == 0)
			return;
	}
	cc_grow_by(cc, cc->cwnd, acked); /* RFC 5681 3.1: one a round trip */
}

static uint32_t ssthresh(struct conn *c)
{
	uint32_t half = c->cc.cwnd >> 1; /* RFC 5681 (4), by cwnd as Linux */

	return half > 2 ? half : 2;
}

const struct cc_ops cc_reno = { .name = "reno", .avoid = avoid,
	.ssthresh = ssthresh, .undo = cc_reno_undo };
