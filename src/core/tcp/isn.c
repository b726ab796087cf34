/* Initial sequence numbers: a keyed hash of the four-tuple plus a clock of
 * 4 us (RFC 6528 3; RFC 9293 3.4.1), and timestamp offsets in the same way
 * (RFC 7323 7.1).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "conn.h"

struct seq tcp_new_isn(struct tcp *t, struct instant now,
	const struct tcp_tuple *tuple)
{
	uint64_t hash = tuple_hash(&t->cfg.isn_key, tuple);

	return seq_of((uint32_t)hash + (uint32_t)(now.ns / 4000));
}

uint32_t tcp_new_ts_offset(struct tcp *t, const struct tcp_tuple *tuple)
{
	return (uint32_t)(tuple_hash(&t->cfg.isn_key, tuple) >> 32);
}
