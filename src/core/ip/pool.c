/* Buffers for packets that outlive the call.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "pool.h"

#include <stdlib.h>

static const struct {
	size_t size;   /* bytes */
	unsigned keep; /* free buffers kept */
} classes[POOL_CLASSES] = { { POOL_SMALL, 256 }, { POOL_BIG, 32 } };

void pool_init(struct pool *p)
{
	for (int i = 0; i < POOL_CLASSES; i++) {
		list_init(&p->free[i]);
		p->nfree[i] = 0;
	}
}

void pool_fini(struct pool *p)
{
	for (int i = 0; i < POOL_CLASSES; i++)
		LIST_FOREACH_SAFE (pos, tmp, &p->free[i])
			free(LIST_ENTRY(pos, struct ip_buf, node));
	pool_init(p);
}

struct ip_buf *pool_get(struct pool *p, size_t len)
{
	struct ip_buf *b;
	uint32_t c = 0;

	while (c < POOL_CLASSES && classes[c].size < len)
		c++;
	if (c == POOL_CLASSES)
		return NULL;
	if (list_is_empty(&p->free[c])) {
		b = malloc(sizeof(*b) + classes[c].size);
		if (!b)
			return NULL;
		list_init(&b->node);
		b->class = c;
	} else {
		b = LIST_ENTRY(p->free[c].next, struct ip_buf, node);
		list_remove(&b->node);
		p->nfree[c]--;
	}
	b->len = (uint32_t)len;
	return b;
}

void pool_put(struct pool *p, struct ip_buf *b)
{
	if (p->nfree[b->class] == classes[b->class].keep) {
		free(b);
		return;
	}
	p->nfree[b->class]++;
	list_push_front(&p->free[b->class], &b->node);
}
