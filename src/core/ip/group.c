/* What an interface hears of groups: the wishes of all sockets merged (RFC 3376 3.2,
 * RFC 3810 4.2).
 *
 * Whoever keeps the sockets says what they want, all at once, whenever that changes
 * (ip_set_groups); what is different from before is told to the routers. This filter
 * only saves work and keeps the promise to the network: each socket's own decides.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "group.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host_priv.h"

/* --- sets of sources --- */

bool group_set_has(const struct group_set *s, const uint8_t a[16])
{
	for (unsigned k = 0; k < s->n; k++)
		if (memcmp(s->a[k], a, 16) == 0)
			return true;
	return false;
}

bool group_set_add(struct group_set *s, const uint8_t a[16])
{
	if (group_set_has(s, a))
		return true;
	if (s->n == s->room) {
		unsigned room = s->room ? 2 * s->room : 4;
		void *p = room <= GROUP_SOURCES ? realloc(s->a, room * 16) : NULL;

		if (!p)
			return false;
		s->a = p;
		s->room = room;
	}
	memcpy(s->a[s->n++], a, 16);
	return true;
}

void group_set_clear(struct group_set *s)
{
	free(s->a);
	*s = (struct group_set){ 0 };
}

static void set_remove(struct group_set *s, unsigned k)
{
	memcpy(s->a[k], s->a[--s->n], 16);
}

/* Those of s that are (keep) or are not in with. */
static void set_keep(struct group_set *s, const struct group_set *with, bool keep)
{
	for (unsigned k = s->n; k-- > 0;)
		if (group_set_has(with, s->a[k]) != keep)
			set_remove(s, k);
}

static bool set_same(const struct group_set *a, const struct group_set *b)
{
	if (a->n != b->n)
		return false;
	for (unsigned k = 0; k < a->n; k++)
		if (!group_set_has(b, a->a[k]))
			return false;
	return true;
}

/* --- one link --- */

void group_link_init(struct group_link *l, uint8_t family, uint32_t ifindex)
{
	*l = (struct group_link){ .family = family, .ifindex = ifindex,
		.quiet = ifindex == IP_LO_INDEX, .robustness = GROUP_ROBUSTNESS,
		.interval_s = GROUP_INTERVAL_S, .general_at = INSTANT_NEVER,
		.change_at = INSTANT_NEVER };
	l->v1_until = l->v2_until = (struct instant){ INT64_MIN };
	list_init(&l->groups);
	timer_node_init(&l->timer);
}

void group_free(struct group_link *l, struct group *g)
{
	list_remove(&g->node);
	l->n--;
	group_set_clear(&g->now.sources);
	group_set_clear(&g->next.sources);
	group_set_clear(&g->also);
	group_set_clear(&g->changed);
	group_set_clear(&g->asked);
	free(g);
}

void group_link_fini(struct group_link *l)
{
	LIST_FOREACH_SAFE (pos, next, &l->groups)
		group_free(l, LIST_ENTRY(pos, struct group, node));
}

struct group *group_find(const struct group_link *l, const struct ip_addr *a)
{
	LIST_FOREACH (pos, &l->groups) {
		struct group *g = LIST_ENTRY(pos, struct group, node);

		if (memcmp(g->addr.b, a->b, sizeof(a->b)) == 0)
			return g;
	}
	return NULL;
}

static struct group *add_group(struct group_link *l, const struct ip_addr *a)
{
	struct group *g = l->n < GROUP_MAX ? calloc(1, sizeof(*g)) : NULL;

	if (!g)
		return NULL;
	g->addr = *a;
	g->addr.scope = 0;
	g->report_at = INSTANT_NEVER;
	list_push_back(&l->groups, &g->node);
	l->n++;
	return g;
}

void group_add_fixed(struct group_link *l, const struct ip_addr *group)
{
	struct group *g = group_find(l, group);

	if (!g)
		g = add_group(l, group);
	if (g)
		g->fixed = g->now.exclude = true;
}

bool group_is_empty(const struct group_filter *f)
{
	return !f->exclude && f->sources.n == 0;
}

bool group_hears(const struct group_link *l, const struct ip_addr *group,
	const struct ip_addr *from)
{
	const struct group *g = group_find(l, group);

	if (!g || group_is_empty(&g->now))
		return false;
	return !from || group_set_has(&g->now.sources, from->b) != g->now.exclude;
}

/* --- merging --- */

static void begin(struct group_link *l)
{
	LIST_FOREACH (pos, &l->groups) {
		struct group *g = LIST_ENTRY(pos, struct group, node);

		g->next.exclude = g->fixed;
		g->next.sources.n = g->also.n = 0;
		g->wanted = g->fixed;
	}
}

/* Too many: then everybody, and the sockets choose. */
static void give_up(struct group *g)
{
	g->next.exclude = true;
	g->next.sources.n = 0;
}

static void add_exclude(struct group *g, const struct ip_group_want *w)
{
	struct group_set theirs = { .n = w->n, .room = w->n,
		.a = (uint8_t(*)[16])(uintptr_t)w->sources };

	if (g->next.exclude) {
		set_keep(&g->next.sources, &theirs, true);
		return;
	}
	g->next.exclude = true;
	for (unsigned k = 0; k < w->n; k++)
		if (!group_set_add(&g->next.sources, w->sources[k]))
			give_up(g);
}

static void add_want(struct group_link *l, const struct ip_group_want *w)
{
	struct group *g = group_find(l, &w->group);

	if (!g)
		g = add_group(l, &w->group);
	if (!g)
		return;
	g->wanted = true;
	if (!w->include) {
		add_exclude(g, w);
		return;
	}
	for (unsigned k = 0; k < w->n; k++)
		if (!group_set_add(&g->also, w->sources[k]))
			give_up(g);
}

/* Sources whose fate is another one now. */
static void note_changes(struct group *g)
{
	for (unsigned k = 0; k < g->next.sources.n; k++)
		if (!group_set_has(&g->now.sources, g->next.sources.a[k]))
			group_set_add(&g->changed, g->next.sources.a[k]);
	for (unsigned k = 0; k < g->now.sources.n; k++)
		if (!group_set_has(&g->next.sources, g->now.sources.a[k]))
			group_set_add(&g->changed, g->now.sources.a[k]);
}

static void settle(struct ip_host *h, struct instant now, struct group_link *l,
	struct group *g)
{
	struct group_filter old;
	bool mode;

	if (g->next.exclude) {
		set_keep(&g->next.sources, &g->also, false);
	} else {
		for (unsigned k = 0; k < g->also.n; k++)
			group_set_add(&g->next.sources, g->also.a[k]);
	}
	mode = g->next.exclude != g->now.exclude;
	if (!mode && set_same(&g->next.sources, &g->now.sources))
		return;
	if (mode) {
		g->mode_left = l->robustness;
		group_set_clear(&g->changed);
	} else {
		note_changes(g);
		g->sources_left = l->robustness;
	}
	old = g->now;
	g->now = g->next;
	g->next = old;
	group_tell(h, now, l, g);
}

static void set_link(struct ip_host *h, struct instant now, struct group_link *l)
{
	LIST_FOREACH (pos, &l->groups) {
		struct group *g = LIST_ENTRY(pos, struct group, node);

		settle(h, now, l, g);
	}
	group_flush_changes(h, now, l);
}

static struct group_link *link_of(struct ip_host *h, uint32_t ifindex,
	uint8_t family)
{
	struct iface *i = iface_get(h, ifindex);

	return i ? &i->links[family == IP_V6] : NULL;
}

void ip_set_groups(struct ip_host *h, struct instant now,
	const struct ip_group_want *wants, unsigned n)
{
	h->now = now;
	for (unsigned k = 0; k < h->nifaces; k++)
		for (int f = 0; f < 2; f++)
			begin(&h->ifaces[k]->links[f]);
	for (unsigned k = 0; k < n; k++) {
		struct group_link *l = link_of(h, wants[k].ifindex,
			wants[k].group.family);

		if (l)
			add_want(l, &wants[k]);
	}
	for (unsigned k = 0; k < h->nifaces; k++)
		for (int f = 0; f < 2; f++)
			set_link(h, now, &h->ifaces[k]->links[f]);
}

void ip_announce_groups(struct ip_host *h, struct instant now)
{
	for (unsigned k = 0; k < h->nifaces; k++) {
		struct group_link *l = &h->ifaces[k]->links[1];

		LIST_FOREACH (pos, &l->groups) {
			struct group *g = LIST_ENTRY(pos, struct group, node);

			g->mode_left = l->robustness;
			group_tell(h, now, l, g);
		}
		group_flush_changes(h, now, l);
	}
}

void ip_foreach_group(const struct ip_host *h,
	void (*fn)(void *user, const struct ip_group_view *v), void *user)
{
	for (unsigned k = 0; k < 2 * h->nifaces; k++) {
		const struct group_link *l = &h->ifaces[k / 2]->links[k % 2];

		LIST_FOREACH (pos, &l->groups) {
			const struct group *g = LIST_ENTRY(pos, struct group, node);
			struct ip_group_view v = { g->addr, l->ifindex,
				g->now.exclude, g->now.sources.n,
				(const uint8_t(*)[16])g->now.sources.a };

			if (!group_is_empty(&g->now))
				fn(user, &v);
		}
	}
}
