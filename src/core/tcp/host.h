/* One host's TCP: its connections by name and by handle, its timers and rules.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_HOST_H
#define TCP_HOST_H

#include "base/list.h"
#include "fastopen.h"
#include "synqueue.h"
#include "table.h"
#include "tcp/tcp.h"

struct conn;

struct slot {
	struct conn *conn;
	uint32_t gen;
	uint32_t next_free; /* index + 1; 0: last */
};

struct tcp {
	struct tcp_config cfg;
	struct tcp_rules rules;
	struct tcp_stats stats;
	struct table table;
	struct timerq timers;
	struct rng rng;
	struct slot *slots; /* own */
	uint32_t nslots, free_slot, nconns;
	uint32_t nrequests, ntime_waits, norphans;
	uint32_t routes; /* + 1 when one may have changed */
	struct instant challenge_from; /* RFC 5961 7: this second */
	uint32_t challenges;	       /* sent in it */
	struct fastopen fo;
	struct synqueues syn;
	struct list pending; /* struct pending, of listeners */
};

#endif
