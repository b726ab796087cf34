/* What listeners wait for.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "pending.h"

#include <stdlib.h>

#include "host.h"

struct pending *pending_find(const struct tcp *t, uint64_t listener)
{
	LIST_FOREACH(pos, &t->pending) {
		struct pending *p = LIST_ENTRY(pos, struct pending, link);

		if (p->listener == listener)
			return p;
	}
	return NULL;
}

struct pending *pending_make(struct tcp *t, uint64_t listener)
{
	struct pending *p = pending_find(t, listener);

	if (p)
		return p;
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->listener = listener;
	list_init(&p->requested);
	list_init(&p->resets);
	list_push_back(&t->pending, &p->link);
	return p;
}

void pending_fell(struct pending *p)
{
	if (p->requests || p->opened)
		return;
	list_remove(&p->link);
	free(p);
}
