/* Asks TCP itself, a second apart, and reckons on from there.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "edges.h"

#include <stdlib.h>

#include "conn.h"
#include "output.h"

#define SECOND 1000000000ll

static struct tcp *ask(const struct tcp_config *cfg)
{
	struct tcp *t = tcp_new(cfg);

	if (!t)
		abort();
	return t;
}

struct instant edge_of_isn(const struct tcp_config *cfg,
	const struct tcp_tuple *tuple, uint32_t isn)
{
	struct tcp *t = ask(cfg);
	struct instant at = { SECOND }, later = { 2 * SECOND };
	uint32_t first = tcp_new_isn(t, at, tuple).v;
	uint32_t rate = tcp_new_isn(t, later, tuple).v - first; /* a second */

	at.ns += (int64_t)((double)(isn - first) / rate * 1e9) / 1000 * 1000;
	while (isn - tcp_new_isn(t, at, tuple).v > UINT32_MAX / 2)
		at.ns -= 1000;
	tcp_free(t);
	return at;
}

struct instant edge_of_ts(const struct tcp_config *cfg,
	const struct tcp_tuple *tuple, uint32_t tsval)
{
	struct tcp *t = ask(cfg);
	struct instant at = { SECOND };
	uint32_t now = tcp_ts_clock(at) + tcp_new_ts_offset(t, tuple);

	tcp_free(t);
	at.ns += (int64_t)(tsval - now) * 1000000;
	return at;
}
