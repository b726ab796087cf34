/* When must a host's clock begin so that a connection's numbers lie where a test
 * wants them? Initial sequence numbers and timestamps follow the clock.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SUPPORT_EDGES_H
#define SUPPORT_EDGES_H

#include "tcp/tcp.h"

/* The first time from one second on at which a SYN to or from this tuple has the
 * number `isn`, or nearly so (less than 4,096 below). */
struct instant edge_of_isn(const struct tcp_config *cfg,
	const struct tcp_tuple *tuple, uint32_t isn);
/* The first at which its timestamps are `tsval`, to the millisecond. */
struct instant edge_of_ts(const struct tcp_config *cfg,
	const struct tcp_tuple *tuple, uint32_t tsval);

#endif
