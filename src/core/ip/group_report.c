/* Telling routers which groups are heard (RFC 3376 5.1, 5.2; RFC 3810 6.1, 6.2), in
 * the words of the oldest querier that was heard (RFC 3376 7.2, RFC 3810 8.2).
 *
 *	v4:  Ethernet | IP 24, with Router Alert | IGMP
 *	v6:  Ethernet | IP 40 | hop-by-hop options 8, Router Alert | ICMPv6
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "base/checksum.h"
#include "base/cursor.h"
#include "group.h"
#include "host_priv.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"

enum {
	ALERT_V4 = 24, /* bytes of header with the option (RFC 2113) */
	ALERT_V6 = 48, /* RFC 2711 */
	PACKET_MAX = 1500,
	TOS_CONTROL = 0xc0, /* RFC 3376 4 */
};

static const struct ip_addr all_reporters[2] = { /* RFC 3376 4.2.14, 3810 5.2.14 */
	{ .family = IP_V4, .b = { 224, 0, 0, 22 } },
	{ .family = IP_V6, .b = { 0xff, 2, [15] = 0x16 } },
};
static const struct ip_addr all_routers[2] = { /* RFC 2236 3.6, RFC 2710 4 */
	{ .family = IP_V4, .b = { 224, 0, 0, 2 } },
	{ .family = IP_V6, .b = { 0xff, 2, [15] = 2 } },
};

/* A packet while it is put together. */
struct paper {
	struct iface *i;
	struct group_link *l;
	struct ip_addr src, dst;
	uint8_t bytes[ETH_HEADER_LEN + PACKET_MAX];
	struct group_report r;
};

/* RFC 3376 9.2.3 wants no more of these than of what others may ask about. */
static bool is_told(const struct group *g)
{
	const uint8_t *b = g->addr.b;

	if (g->addr.family == IP_V4) /* 224.0.0.1, RFC 3376 6 */
		return !(b[0] == 224 && b[1] == 0 && b[2] == 0 && b[3] == 1);
	if ((b[1] & 0xf) < 2)
		return false; /* RFC 3810 6: of no link's scope */
	for (unsigned k = 2; k < 15; k++)
		if (b[k])
			return true;
	return b[15] != 1 || b[1] != 2; /* ff02::1 */
}

struct instant group_soon(struct ip_host *h, struct instant now, uint32_t max_ms)
{
	uint32_t us = rng_below(&h->rng, max_ms ? max_ms * 1000 : 1);

	return instant_add(now, DURATION_US(us));
}

int group_old_version(const struct group_link *l, struct instant now)
{
	if (instant_before(now, l->v1_until))
		return 1;
	/* MLD has but one old version. */
	return l->family == IP_V4 && instant_before(now, l->v2_until) ? 2 : 0;
}

/* --- packets --- */

static uint8_t *body(struct paper *p)
{
	return p->bytes + ETH_HEADER_LEN +
		(p->l->family == IP_V4 ? ALERT_V4 : ALERT_V6);
}

/* False: there is no address to speak from (RFC 3810 5.2.13: link-local; IGMP may
 * speak from none, RFC 3376 4.2.13). */
static bool paper_begin(struct ip_host *h, struct paper *p, struct group_link *l,
	const struct ip_addr *dst)
{
	p->i = iface_get(h, l->ifindex);
	p->l = l;
	p->dst = *dst;
	if (!p->i || !p->i->up || l->quiet)
		return false;
	if (source_select(h, p->i, dst, &p->src))
		return l->family == IP_V4 || ip_addr_is_linklocal(&p->src);
	p->src = (struct ip_addr){ .family = l->family };
	return l->family == IP_V4;
}

static void header_v4(struct paper *p, uint8_t *at, size_t len)
{
	static const uint8_t alert[] = { 0x94, 4, 0, 0 }; /* RFC 2113 2.1 */
	struct ipv4_header ip = { .src = p->src, .dst = p->dst,
		.proto = IGMP_PROTO, .ttl = 1, .tos = TOS_CONTROL,
		.dont_fragment = true };
	struct checksum sum = CHECKSUM_INIT;

	ipv4_emit(at, &ip, len + sizeof(alert));
	at[0] = 4 << 4 | ALERT_V4 / 4;
	memcpy(at + IPV4_HEADER_LEN, alert, sizeof(alert));
	put_be16(at + 10, 0);
	checksum_add(&sum, at, ALERT_V4);
	put_be16(at + 10, checksum_finish(&sum));
}

static void header_v6(struct paper *p, uint8_t *at, size_t len)
{
	/* RFC 2711 2.1: Router Alert of value 0, MLD; then two bytes to fill up. */
	static const uint8_t alert[] = { IP_PROTO_ICMP6, 0, 5, 2, 0, 0, 1, 0 };
	struct ipv6_header ip = { .src = p->src, .dst = p->dst,
		.proto = IPV6_NEXT_HOP, .hop_limit = 1 };

	ipv6_emit(at, &ip, len + sizeof(alert));
	memcpy(at + IPV6_HEADER_LEN, alert, sizeof(alert));
}

static void paper_send(struct ip_host *h, struct instant now, struct paper *p,
	size_t len)
{
	bool v4 = p->l->family == IP_V4;
	uint8_t *at = p->bytes + ETH_HEADER_LEN, mac[ETH_ADDR_LEN];
	struct span span = { at, len + (v4 ? ALERT_V4 : ALERT_V6) };

	if (v4)
		header_v4(p, at, len);
	else
		header_v6(p, at, len);
	eth_addr_of_group(&p->dst, mac);
	h->stats.ip_out++;
	h->stats.group_out++;
	output_frame(h, now, p->i, mac, v4 ? ETH_TYPE_IPV4 : ETH_TYPE_IPV6, &span,
		1);
}

static void send_old(struct ip_host *h, struct instant now, struct group_link *l,
	const struct group *g, bool leave)
{
	bool v4 = l->family == IP_V4;
	uint8_t type = leave ? (v4 ? IGMP_LEAVE : MLD_DONE) :
		!v4 ? MLD_REPORT_V1 :
		group_old_version(l, now) == 1 ? IGMP_REPORT_V1 : IGMP_REPORT_V2;
	struct paper p;

	if (paper_begin(h, &p, l, leave ? &all_routers[!v4] : &g->addr))
		paper_send(h, now, &p, group_emit_old(body(&p), type, &g->addr,
			&p.src, &p.dst));
}

/* --- reports of the new kind: records are added, full packets sent --- */

static void open_report(struct paper *p)
{
	size_t room = p->i->mtu < PACKET_MAX ? p->i->mtu : PACKET_MAX;

	group_report_begin(&p->r, p->l->family, body(p),
		room - (p->l->family == IP_V4 ? ALERT_V4 : ALERT_V6));
}

static void close_report(struct ip_host *h, struct instant now, struct paper *p)
{
	if (p->r.records == 0)
		return;
	group_report_end(&p->r, &p->src, &p->dst);
	paper_send(h, now, p, p->r.len);
	open_report(p);
}

/* RFC 3376 4.2.16: what excludes and is too long is cut, the rest goes on in the next
 * packet. */
static void add_record(struct ip_host *h, struct instant now, struct paper *p,
	const struct group *g, enum group_record type, const struct group_set *set)
{
	bool cut = type == GROUP_IS_EXCLUDE || type == GROUP_TO_EXCLUDE;
	unsigned at = 0;
	int n;

	do {
		n = group_report_add(&p->r, type, &g->addr,
			(const uint8_t(*)[16])set->a + at, set->n - at);
		if (n >= 0)
			at += (unsigned)n;
		if (n < 0 || at < set->n) {
			if (p->r.records == 0)
				return; /* no packet is so small */
			close_report(h, now, p);
		}
	} while (n < 0 || (at < set->n && !cut));
}

static void add_state(struct ip_host *h, struct instant now, struct paper *p,
	const struct group *g)
{
	if (is_told(g) && !group_is_empty(&g->now))
		add_record(h, now, p, g,
			g->now.exclude ? GROUP_IS_EXCLUDE : GROUP_IS_INCLUDE,
			&g->now.sources);
}

static void answer_general(struct ip_host *h, struct instant now,
	struct group_link *l)
{
	struct paper p;

	if (!paper_begin(h, &p, l, &all_reporters[l->family == IP_V6]))
		return;
	open_report(&p);
	LIST_FOREACH (pos, &l->groups)
		add_state(h, now, &p, LIST_ENTRY(pos, struct group, node));
	close_report(h, now, &p);
}

/* RFC 3376 5.2, the table: which of the sources asked about are heard. */
static void answer_sources(struct ip_host *h, struct instant now, struct paper *p,
	const struct group *g)
{
	struct group_set heard = { 0 };

	for (unsigned k = 0; k < g->asked.n; k++)
		if (group_set_has(&g->now.sources, g->asked.a[k]) !=
			g->now.exclude)
			group_set_add(&heard, g->asked.a[k]);
	if (heard.n)
		add_record(h, now, p, g, GROUP_IS_INCLUDE, &heard);
	group_set_clear(&heard);
}

static void answer_group(struct ip_host *h, struct instant now,
	struct group_link *l, struct group *g)
{
	struct paper p;

	if (paper_begin(h, &p, l, &all_reporters[l->family == IP_V6])) {
		open_report(&p);
		if (g->asked.n)
			answer_sources(h, now, &p, g);
		else
			add_state(h, now, &p, g);
		close_report(h, now, &p);
	}
	group_set_clear(&g->asked);
}

/* --- changes --- */

/* RFC 3376 5.1: a change of mode is told whole, else what became of each source. */
static void add_change(struct ip_host *h, struct instant now, struct paper *p,
	struct group *g)
{
	struct group_set allow = { 0 }, block = { 0 };

	if (g->mode_left) {
		g->mode_left--;
		add_record(h, now, p, g,
			g->now.exclude ? GROUP_TO_EXCLUDE : GROUP_TO_INCLUDE,
			&g->now.sources);
		return;
	}
	g->sources_left--;
	for (unsigned k = 0; k < g->changed.n; k++)
		group_set_add(group_set_has(&g->now.sources, g->changed.a[k]) ==
				g->now.exclude ? &block : &allow, g->changed.a[k]);
	if (allow.n)
		add_record(h, now, p, g, GROUP_ALLOW, &allow);
	if (block.n)
		add_record(h, now, p, g, GROUP_BLOCK, &block);
	group_set_clear(&allow);
	group_set_clear(&block);
	if (g->sources_left == 0)
		group_set_clear(&g->changed);
}

static bool has_change(const struct group *g)
{
	return g->mode_left || g->sources_left;
}

/* Nobody wants it and everybody was told. */
static void drop_done(struct group_link *l)
{
	LIST_FOREACH_SAFE (pos, next, &l->groups) {
		struct group *g = LIST_ENTRY(pos, struct group, node);

		if (!g->wanted && !g->fixed && !has_change(g) &&
			group_is_empty(&g->now))
			group_free(l, g);
	}
}

static void send_changes(struct ip_host *h, struct instant now,
	struct group_link *l)
{
	bool more = false;
	struct paper p;

	l->change_at = INSTANT_NEVER;
	if (!paper_begin(h, &p, l, &all_reporters[l->family == IP_V6])) {
		LIST_FOREACH (pos, &l->groups) {
			struct group *g = LIST_ENTRY(pos, struct group, node);

			g->mode_left = g->sources_left = 0;
		}
		return;
	}
	open_report(&p);
	LIST_FOREACH (pos, &l->groups) {
		struct group *g = LIST_ENTRY(pos, struct group, node);

		if (has_change(g) && is_told(g))
			add_change(h, now, &p, g);
		more |= has_change(g) && is_told(g);
	}
	close_report(h, now, &p);
	if (more)
		l->change_at = group_soon(h, now, GROUP_UNASKED_MS);
}

/* RFC 2236 3, RFC 2710 4: join and leave in the old way. */
static void tell_old(struct ip_host *h, struct instant now, struct group_link *l,
	struct group *g)
{
	bool joined = !group_is_empty(&g->now), was = !group_is_empty(&g->next);

	g->mode_left = g->sources_left = 0;
	if (!is_told(g) || joined == was)
		return;
	if (joined) {
		send_old(h, now, l, g, false);
		g->last_reporter = true;
		g->old_left = l->robustness - 1;
		g->report_at = group_soon(h, now, GROUP_UNASKED_OLD_MS);
		return;
	}
	g->report_at = INSTANT_NEVER;
	if (g->last_reporter && !(l->family == IP_V4 &&
			group_old_version(l, now) == 1))
		send_old(h, now, l, g, true);
	g->last_reporter = false;
}

void group_tell(struct ip_host *h, struct instant now, struct group_link *l,
	struct group *g)
{
	if (l->quiet)
		g->mode_left = g->sources_left = 0;
	else if (group_old_version(l, now))
		tell_old(h, now, l, g);
	else
		l->change_at = now;
}

void group_flush_changes(struct ip_host *h, struct instant now,
	struct group_link *l)
{
	if (!instant_is_never(l->change_at) && !instant_before(now, l->change_at))
		send_changes(h, now, l);
	drop_done(l);
	group_arm(h, l);
}

/* --- time --- */

void group_arm(struct ip_host *h, struct group_link *l)
{
	struct instant at = instant_min(l->general_at, l->change_at);

	LIST_FOREACH (pos, &l->groups)
		at = instant_min(at,
			LIST_ENTRY(pos, struct group, node)->report_at);
	timerq_set(&h->group_timers, &l->timer, at);
}

static bool is_due(struct instant at, struct instant now)
{
	return !instant_is_never(at) && !instant_before(now, at);
}

static void report_due(struct ip_host *h, struct instant now,
	struct group_link *l, struct group *g)
{
	g->report_at = INSTANT_NEVER;
	if (!group_old_version(l, now)) {
		answer_group(h, now, l, g);
		return;
	}
	if (group_is_empty(&g->now) || !is_told(g))
		return;
	send_old(h, now, l, g, false);
	g->last_reporter = true;
	if (g->old_left && --g->old_left)
		g->report_at = group_soon(h, now, GROUP_UNASKED_OLD_MS);
}

static void link_due(struct ip_host *h, struct instant now, struct group_link *l)
{
	if (is_due(l->general_at, now)) {
		l->general_at = INSTANT_NEVER;
		answer_general(h, now, l);
	}
	LIST_FOREACH (pos, &l->groups) {
		struct group *g = LIST_ENTRY(pos, struct group, node);

		if (is_due(g->report_at, now))
			report_due(h, now, l, g);
	}
	group_flush_changes(h, now, l);
}

void group_tick(struct ip_host *h, struct instant now)
{
	struct timer_node *t;

	while ((t = timerq_take_due(&h->group_timers, now)) != NULL)
		link_due(h, now, LIST_ENTRY(t, struct group_link, timer));
}
