/* Routers ask which groups are heard (RFC 3376 5.2, RFC 3810 6.2), and other hosts of
 * the old versions say what they hear (RFC 2236 3, RFC 2710 4).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "group.h"
#include "host_priv.h"

/* RFC 3376 8.12: how long an old querier counts. */
static struct instant old_until(const struct group_link *l, struct instant now,
	uint32_t max_resp_ms)
{
	return instant_add(now, DURATION_MS((int64_t)l->robustness *
		l->interval_s * 1000 + max_resp_ms));
}

static struct instant sooner(struct ip_host *h, struct instant now,
	struct instant at, uint32_t max_ms)
{
	return instant_min(at, group_soon(h, now, max_ms));
}

/* The old way: a timer for each group. */
static void ask_old(struct ip_host *h, struct instant now, struct group_link *l,
	const struct group_message *m)
{
	LIST_FOREACH (pos, &l->groups) {
		struct group *g = LIST_ENTRY(pos, struct group, node);

		if (ip_addr_is_any(&m->group) || ip_addr_equal(&g->addr, &m->group))
			g->report_at = sooner(h, now, g->report_at,
				m->max_resp_ms);
	}
}

/* RFC 3376 5.2, 3 to 5: about one group, or some sources of it. */
static void ask_group(struct ip_host *h, struct instant now, struct group_link *l,
	const struct group_message *m)
{
	struct group *g = group_find(l, &m->group);
	size_t size = ip_addr_size(l->family);
	bool pending;

	if (!g || group_is_empty(&g->now))
		return;
	pending = !instant_is_never(g->report_at);
	g->report_at = sooner(h, now, g->report_at, m->max_resp_ms);
	if (m->n == 0 || (pending && g->asked.n == 0)) {
		group_set_clear(&g->asked);
		return;
	}
	for (unsigned k = 0; k < m->n; k++) {
		struct ip_addr a = ip_addr_from(l->family, m->sources + k * size);

		if (!group_set_add(&g->asked, a.b)) {
			group_set_clear(&g->asked); /* too many: all of it */
			return;
		}
	}
}

static void query(struct ip_host *h, struct instant now, struct group_link *l,
	const struct group_message *m)
{
	int newest = l->family == IP_V4 ? 3 : 2;

	if (m->version == newest) {
		/* RFC 3376 4.1.6, 4.1.7: what the querier goes by. */
		if (m->robustness)
			l->robustness = m->robustness;
		if (m->interval_s)
			l->interval_s = m->interval_s;
	} else if (m->version == 1) {
		l->v1_until = old_until(l, now, m->max_resp_ms);
	} else {
		l->v2_until = old_until(l, now, m->max_resp_ms);
	}
	if (m->version < newest || group_old_version(l, now))
		ask_old(h, now, l, m);
	else if (ip_addr_is_any(&m->group))
		l->general_at = sooner(h, now, l->general_at, m->max_resp_ms);
	else if (instant_is_never(l->general_at)) /* else it says all of it */
		ask_group(h, now, l, m);
}

void group_input(struct ip_host *h, struct instant now, struct group_link *l,
	const struct group_message *m)
{
	struct group *g;

	h->stats.group_in++;
	if (l->quiet)
		return;
	if (m->kind == GROUP_QUERY) {
		query(h, now, l, m);
	} else if (m->kind == GROUP_REPORT && group_old_version(l, now)) {
		/* Somebody else has said it. */
		g = group_find(l, &m->group);
		if (g && !instant_is_never(g->report_at)) {
			g->report_at = INSTANT_NEVER;
			g->last_reporter = false;
		}
	}
	group_arm(h, l);
}
