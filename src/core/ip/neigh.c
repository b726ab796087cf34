/* Neighbours: see neigh.h for the states. One function changes the state and
 * sets the timer that belongs to it; those who report facts know no timers.
 *
 * A solicitation is built in the host's scratch area, where the packet that
 * asked for it may have its header: the packet is copied first.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "neigh.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "host_priv.h"

static const char *const state_names[] = { "INCOMPLETE", "REACHABLE", "STALE",
	"DELAY", "PROBE", "FAILED" };

const char *neigh_state_name(enum neigh_state s)
{
	return state_names[s];
}

void neigh_init(struct neigh_table *t, const struct siphash_key *key)
{
	*t = (struct neigh_table){ .key = *key };
	list_init(&t->used);
}

static struct neigh **bucket(const struct ip_host *h, uint32_t ifindex,
	const struct ip_addr *a)
{
	struct neigh_table *t = (struct neigh_table *)(uintptr_t)&h->neighs;
	uint8_t key[20];

	memcpy(key, a->b, 16);
	put_be32(key + 16, ifindex);
	return &t->buckets[siphash24(&t->key, key, sizeof(key)) % NEIGH_BUCKETS];
}

struct neigh *neigh_find(const struct ip_host *h, uint32_t ifindex,
	const struct ip_addr *a)
{
	struct neigh *n = *bucket(h, ifindex, a);

	while (n && (n->ifindex != ifindex || !ip_addr_equal(&n->addr, a)))
		n = n->chain;
	return n;
}

static void drop_pending(struct ip_host *h, struct neigh *n)
{
	while (n->npending > 0) {
		struct ip_buf *b =
			LIST_ENTRY(n->pending.next, struct ip_buf, node);

		list_remove(&b->node);
		pool_put(&h->pool, b);
		n->npending--;
		h->neighs.npending--;
	}
}

static void forget(struct ip_host *h, struct neigh *n)
{
	struct neigh **at = bucket(h, n->ifindex, &n->addr);

	while (*at != n)
		at = &(*at)->chain;
	*at = n->chain;
	list_remove(&n->used);
	h->neighs.n--;
	h->neighs.changes++;
	timerq_cancel(&h->timers, &n->timer);
	drop_pending(h, n);
	free(n);
}

/* The place of the one not used for longest; one that packets wait for keeps
 * its own unless all do. */
static bool make_room(struct ip_host *h)
{
	struct list *pos = h->neighs.used.prev;

	if (h->neighs.n < NEIGH_MAX)
		return true;
	for (int looked = 0; looked < 16 && pos != &h->neighs.used; looked++) {
		struct neigh *n = LIST_ENTRY(pos, struct neigh, used);

		pos = pos->prev;
		if (n->npending > 0)
			continue;
		forget(h, n);
		return true;
	}
	return false;
}

/* In state FAILED: nothing known, nothing under way. */
static struct neigh *add(struct ip_host *h, uint32_t ifindex,
	const struct ip_addr *a)
{
	struct neigh **at, *n = make_room(h) ? calloc(1, sizeof(*n)) : NULL;

	if (!n)
		return NULL;
	n->addr = *a;
	n->ifindex = ifindex;
	n->state = NEIGH_FAILED;
	timer_node_init(&n->timer);
	list_init(&n->pending);
	at = bucket(h, ifindex, a);
	n->chain = *at;
	*at = n;
	list_push_front(&h->neighs.used, &n->used);
	h->neighs.n++;
	return n;
}

/* RFC 4861 6.3.4: spread, so that hosts do not probe in step. */
static struct duration reachable_time(struct ip_host *h)
{
	return DURATION_MS(NEIGH_REACHABLE_MS / 2 +
		rng_below(&h->rng, NEIGH_REACHABLE_MS));
}

static void set_state(struct ip_host *h, struct instant now, struct neigh *n,
	enum neigh_state state)
{
	struct instant at = INSTANT_NEVER;

	if (state == NEIGH_INCOMPLETE || state == NEIGH_PROBE)
		at = instant_add(now, DURATION_MS(NEIGH_RETRANS_MS));
	else if (state == NEIGH_REACHABLE)
		at = instant_add(now, reachable_time(h));
	else if (state == NEIGH_DELAY)
		at = instant_add(now, DURATION_MS(NEIGH_DELAY_MS));
	if (state == NEIGH_INCOMPLETE || state == NEIGH_FAILED)
		n->has_mac = false;
	n->state = state;
	h->neighs.changes++;
	n->solicits = 0;
	timerq_set(&h->timers, &n->timer, at);
}

static void solicit(struct ip_host *h, struct instant now, struct neigh *n)
{
	const struct iface *i = iface_get(h, n->ifindex);
	const uint8_t *mac = n->state == NEIGH_PROBE ? n->mac : NULL;

	n->solicits++;
	if (n->addr.family == IP_V4)
		arp_solicit(h, now, i, &n->addr, mac);
	else
		nd_solicit(h, now, i, &n->addr, mac);
}

static int keep(struct ip_host *h, struct neigh *n, const struct span *spans,
	unsigned count)
{
	size_t len = ETH_HEADER_LEN, at = ETH_HEADER_LEN;
	struct ip_buf *b;

	for (unsigned k = 0; k < count; k++)
		len += spans[k].len;
	b = pool_get(&h->pool, len);
	if (!b)
		return -ENOBUFS;
	for (unsigned k = 0; k < count; at += spans[k].len, k++)
		if (spans[k].len)
			memcpy(b->data + at, spans[k].base, spans[k].len);
	if (n->npending == 0 && h->neighs.npending >= NEIGH_PENDING_ALL) {
		pool_put(&h->pool, b);
		h->stats.pending_dropped++;
		return -ENOBUFS;
	}
	if (n->npending == NEIGH_PENDING_MAX ||
		h->neighs.npending >= NEIGH_PENDING_ALL) { /* RFC 4861 7.2.2: the oldest */
		struct list *oldest = n->pending.next;

		list_remove(oldest);
		pool_put(&h->pool, LIST_ENTRY(oldest, struct ip_buf, node));
		n->npending--;
		h->neighs.npending--;
		h->stats.pending_dropped++;
	}
	list_push_back(&n->pending, &b->node);
	n->npending++;
	h->neighs.npending++;
	return 0;
}

static uint16_t eth_type(const uint8_t *l3)
{
	return l3[0] >> 4 == 4 ? ETH_TYPE_IPV4 : ETH_TYPE_IPV6;
}

bool neigh_is_known(struct ip_host *h, uint32_t ifindex, const struct ip_addr *addr)
{
	const struct neigh *nb = neigh_find(h, ifindex, addr);

	return nb && nb->has_mac;
}

int neigh_send(struct ip_host *h, struct instant now, const struct iface *i,
	const struct ip_addr *next_hop, struct span *spans, unsigned n)
{
	struct neigh *nb = neigh_find(h, i->ifindex, next_hop);
	int r;

	if (!nb)
		nb = add(h, i->ifindex, next_hop);
	if (!nb)
		return -ENOBUFS;
	list_remove(&nb->used);
	list_push_front(&h->neighs.used, &nb->used);
	if (nb->has_mac) {
		if (nb->state == NEIGH_STALE)
			set_state(h, now, nb, NEIGH_DELAY);
		output_frame(h, now, i, nb->mac, eth_type(spans[0].base), spans,
			n);
		return 0;
	}
	r = keep(h, nb, spans, n);
	if (r == 0 && nb->state == NEIGH_FAILED) {
		set_state(h, now, nb, NEIGH_INCOMPLETE);
		solicit(h, now, nb);
	}
	return r;
}

/* Move the waiting packets to a list of the caller's, so that callbacks may send
 * to this neighbour again. */
static void take_pending(struct ip_host *h, struct neigh *n, struct list *out)
{
	list_init(out);
	while (!list_is_empty(&n->pending)) {
		struct list *first = n->pending.next;

		list_remove(first);
		list_push_back(out, first);
	}
	h->neighs.npending -= n->npending;
	n->npending = 0;
}

static void release_pending(struct ip_host *h, struct instant now,
	struct neigh *n)
{
	const struct iface *i = iface_get(h, n->ifindex);
	uint8_t mac[ETH_ADDR_LEN];
	struct list waiting;

	memcpy(mac, n->mac, ETH_ADDR_LEN);
	take_pending(h, n, &waiting);
	LIST_FOREACH_SAFE (pos, tmp, &waiting) {
		struct ip_buf *b = LIST_ENTRY(pos, struct ip_buf, node);
		struct span s = { b->data + ETH_HEADER_LEN,
			b->len - ETH_HEADER_LEN };

		output_frame(h, now, i, mac, eth_type(s.base), &s, 1);
		list_remove(pos);
		pool_put(&h->pool, b);
	}
}

/* As if we had sent ourselves the ICMP error (Linux: ipv4_link_failure(),
 * ndisc_error_report()): host unreachable, address unreachable. */
static void report_lost(struct ip_host *h, struct instant now, const uint8_t *l3,
	size_t len)
{
	bool v4 = l3[0] >> 4 == 4;
	size_t most = v4 ? ICMP_QUOTE_V4 - 28 : ICMP_QUOTE_V6 - 48;
	struct ip_error_in e = { .err = EHOSTUNREACH, .type = v4 ? 3 : 1,
		.code = v4 ? 1 : 3, .ttl = IP_TTL_DEFAULT,
		.ifindex = IP_LO_INDEX };

	/* From the address that the packet had; it lies within any header. */
	e.from = ip_addr_from(v4 ? IP_V4 : IP_V6, l3 + (v4 ? 12 : 8));
	error_report(h, now, &e, l3, len < most ? len : most);
}

static void fail(struct ip_host *h, struct instant now, struct neigh *n)
{
	struct list waiting;

	take_pending(h, n, &waiting);
	h->stats.ip_neighbour_fail++;
	set_state(h, now, n, NEIGH_FAILED);
	/* n may be evicted from here on: callbacks send. */
	LIST_FOREACH_SAFE (pos, tmp, &waiting) {
		struct ip_buf *b = LIST_ENTRY(pos, struct ip_buf, node);
		const uint8_t *l3 = b->data + ETH_HEADER_LEN;

		report_lost(h, now, l3, b->len - ETH_HEADER_LEN);
		list_remove(pos);
		pool_put(&h->pool, b);
	}
}

/* RFC 4861 7.2.5 for a neighbour whose link address we have. */
static void update(struct ip_host *h, struct instant now, struct neigh *n,
	const struct neigh_news *news)
{
	bool differs = news->mac && memcmp(n->mac, news->mac, ETH_ADDR_LEN) != 0;

	if (differs && !news->override) {
		if (n->state == NEIGH_REACHABLE)
			set_state(h, now, n, NEIGH_STALE);
		return;
	}
	if (differs)
		memcpy(n->mac, news->mac, ETH_ADDR_LEN);
	h->neighs.changes += differs;
	if (news->solicited)
		set_state(h, now, n, NEIGH_REACHABLE);
	else if (differs)
		set_state(h, now, n, NEIGH_STALE);
}

void neigh_learn(struct ip_host *h, struct instant now, const struct iface *i,
	const struct ip_addr *a, const struct neigh_news *news)
{
	struct neigh *n = neigh_find(h, i->ifindex, a);

	if (!n && news->create && news->mac)
		n = add(h, i->ifindex, a);
	if (!n)
		return;
	if (n->has_mac) {
		update(h, now, n, news);
		return;
	}
	if (!news->mac)
		return;
	memcpy(n->mac, news->mac, ETH_ADDR_LEN);
	set_state(h, now, n, news->solicited ? NEIGH_REACHABLE : NEIGH_STALE);
	n->has_mac = true;
	h->neighs.changes++;
	release_pending(h, now, n);
}

static void expire(struct ip_host *h, struct instant now, struct neigh *n)
{
	switch (n->state) {
	case NEIGH_REACHABLE:
		set_state(h, now, n, NEIGH_STALE);
		return;
	case NEIGH_DELAY:
		set_state(h, now, n, NEIGH_PROBE);
		solicit(h, now, n);
		return;
	case NEIGH_INCOMPLETE:
	case NEIGH_PROBE:
		if (n->solicits == NEIGH_SOLICITS) {
			fail(h, now, n);
			return;
		}
		timerq_set(&h->timers, &n->timer,
			instant_add(now, DURATION_MS(NEIGH_RETRANS_MS)));
		solicit(h, now, n);
		return;
	case NEIGH_STALE:
	case NEIGH_FAILED:
		return; /* have no timer */
	}
}

void neigh_tick(struct ip_host *h, struct instant now)
{
	struct timer_node *t;

	while ((t = timerq_take_due(&h->timers, now)))
		expire(h, now, LIST_ENTRY(t, struct neigh, timer));
}

void neigh_flush_iface(struct ip_host *h, struct instant now, uint32_t ifindex)
{
	LIST_FOREACH_SAFE (pos, tmp, &h->neighs.used) {
		struct neigh *n = LIST_ENTRY(pos, struct neigh, used);

		if (n->ifindex == ifindex)
			forget(h, n);
	}
}

void neigh_fini(struct ip_host *h)
{
	LIST_FOREACH_SAFE (pos, tmp, &h->neighs.used)
		forget(h, LIST_ENTRY(pos, struct neigh, used));
}
