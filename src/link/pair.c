/* Two ports and a wire: what one sends, the other gets.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "private.h"

static void pair_route(struct link *l, int from, struct instant now,
	struct frame *f)
{
	if (l->nports == 2) /* else the other end is not plugged in */
		link_cross(l, from, 1 - from, now, f);
}

static int pair_straight(const struct link *l, int from)
{
	return l->nports == 2 ? 1 - from : -1;
}

static const struct link_driver pair_driver = {
	.ports_max = 2,
	.route = pair_route,
	.straight = pair_straight,
};

struct link *link_new_pair(const char *name, uint64_t seed)
{
	return link_new(name, seed, &pair_driver, NULL);
}
