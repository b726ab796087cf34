/* Neighbours: which link address an on-link IP address has (RFC 4861 7.3, used
 * for ARP as well).
 *
 *            use                answer           30 s              use
 *   (none) ------> INCOMPLETE ---------> REACHABLE -----> STALE -------> DELAY
 *                    | 3 x 1 s             ^  ^                           | 5 s
 *                    v                     |  +----answer----- PROBE <----+
 *                  FAILED --use--> INCOMPLETE                   | 3 x 1 s
 *                    ^------------------------------------------+
 *
 * Packets wait in INCOMPLETE, at most NEIGH_PENDING_MAX for each neighbour, the
 * oldest gives way (RFC 4861 7.2.2). Failure is reported for each of them.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef IP_NEIGH_H
#define IP_NEIGH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/list.h"
#include "base/rng.h"
#include "base/span.h"
#include "base/timerq.h"
#include "ip/host.h"
#include "wire/eth.h"

struct iface;

struct neigh {
	struct list used;    /* in the table, last used first */
	struct neigh *chain; /* of the same bucket */
	struct ip_addr addr;
	uint32_t ifindex;
	enum neigh_state state;
	bool has_mac;
	uint8_t mac[ETH_ADDR_LEN];
	unsigned solicits; /* sent in this state */
	struct timer_node timer;
	struct list pending; /* struct ip_buf: frames with room for the header */
	unsigned npending;
};

struct neigh_table {
	struct siphash_key key;
	struct neigh *buckets[NEIGH_BUCKETS];
	struct list used;
	unsigned n;
	unsigned npending; /* packets, of all */
	uint64_t changes;  /* of a neighbour's state or address; gone ones */
};

/* What a received message says about a neighbour. */
struct neigh_news {
	const uint8_t *mac; /* NULL: says nothing of it */
	bool solicited;	    /* answers a question of ours */
	bool override;	    /* may replace a known address */
	bool create;	    /* learn it even if we did not ask */
};

void neigh_init(struct neigh_table *t, const struct siphash_key *key);
/* Frees all, with what is pending. */
void neigh_fini(struct ip_host *h);
struct neigh *neigh_find(const struct ip_host *h, uint32_t ifindex,
	const struct ip_addr *a);
/* Would neigh_send() send at once? */
bool neigh_is_known(struct ip_host *h, uint32_t ifindex, const struct ip_addr *addr);
/* Send or keep the packet (an IP packet with its header in spans[0], before
 * which there is room for the link header). 0, -ENOBUFS. */
int neigh_send(struct ip_host *h, struct instant now, const struct iface *i,
	const struct ip_addr *next_hop, struct span *spans, unsigned n);
/* News about a neighbour. */
void neigh_learn(struct ip_host *h, struct instant now, const struct iface *i,
	const struct ip_addr *a, const struct neigh_news *news);
/* Timers that are due. */
void neigh_tick(struct ip_host *h, struct instant now);
/* Forget what is known on an interface that goes down. */
void neigh_flush_iface(struct ip_host *h, struct instant now, uint32_t ifindex);

#endif
