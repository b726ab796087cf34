/* Groups: from the sockets' lists to the stack, which tells the routers.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

#include <stdlib.h>
#include <string.h>

#include "ip/host.h"
#include "limits.h"

/* All wishes of the host, gathered: what lies in the arena is copied once. */
struct gathered {
	struct ip_group_want *wants;
	uint8_t (*sources)[16]; /* of all of them, in order */
	unsigned n, room;
	unsigned n_sources, sources_room;
	bool failed; /* no memory: the last ones are left out */
};

static bool make_room(void **array, unsigned *room, unsigned need, size_t size)
{
	unsigned more = *room ? *room : 16;
	void *p;

	if (need <= *room)
		return true;
	while (more < need)
		more *= 2;
	p = realloc(*array, more * size);
	if (!p)
		return false;
	*array = p;
	*room = more;
	return true;
}

static void gather(void *user, const struct sock_membership *m)
{
	struct gathered *g = user;
	struct ip_name name = net_name_of(&m->group);
	void *wants = g->wants, *sources = g->sources;

	if (g->failed || g->n == GROUP_WANTS_MAX)
		return;
	g->failed = !make_room(&wants, &g->room, g->n + 1, sizeof(*g->wants));
	g->wants = wants;
	if (!g->failed)
		g->failed = !make_room(&sources, &g->sources_room,
			g->n_sources + m->n, 16);
	g->sources = sources;
	if (g->failed)
		return;
	g->wants[g->n++] = (struct ip_group_want){ .ifindex = m->ifindex,
		.group = name.addr, .include = m->include, .n = m->n };
	if (m->n)
		memcpy(g->sources + g->n_sources, m->sources, m->n * 16);
	g->n_sources += m->n;
}

void net_groups_look(struct net *n)
{
	uint32_t changes = sock_groups_changes(n->env);
	struct gathered g = { 0 };

	if (changes == n->group_changes)
		return;
	n->group_changes = changes;
	sock_groups_bury(n->env);
	sock_groups_read(n->env, gather, &g);
	for (unsigned k = 0, at = 0; k < g.n; at += g.wants[k].n, k++)
		g.wants[k].sources = (const uint8_t(*)[16])(g.sources + at);
	stack_set_groups(n->stack, n->now, g.wants, g.n);
	free(g.wants);
	free(g.sources);
}
