/* Chained hash table of intrusive entries, doubled when it is full.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_FIRST = 64 };

int table_init(struct table *t, const struct siphash_key *key)
{
	t->key = *key;
	t->n = 0;
	t->size = TABLE_FIRST;
	t->buckets = calloc(t->size, sizeof(*t->buckets));
	for (int i = 0; i < TABLE_PORT_BUCKETS; i++)
		list_init(&t->ports[i]);
	return t->buckets ? 0 : -ENOMEM;
}

void table_fini(struct table *t)
{
	free(t->buckets);
}

bool tuple_equal(const struct tcp_tuple *a, const struct tcp_tuple *b)
{
	return a->local.port == b->local.port &&
		a->remote.port == b->remote.port &&
		ip_addr_equal(&a->local.addr, &b->local.addr) &&
		ip_addr_equal(&a->remote.addr, &b->remote.addr);
}

uint64_t tuple_hash(const struct siphash_key *key, const struct tcp_tuple *t)
{
	uint8_t in[36];

	memcpy(in, t->local.addr.b, 16);
	memcpy(in + 16, t->remote.addr.b, 16);
	memcpy(in + 32, &t->local.port, 2);
	memcpy(in + 34, &t->remote.port, 2);
	return siphash24(key, in, sizeof(in));
}

struct entry *table_find(const struct table *t, const struct tcp_tuple *tuple,
	uint32_t ifindex)
{
	uint64_t hash = tuple_hash(&t->key, tuple);

	for (struct entry *e = t->buckets[hash & (t->size - 1)]; e; e = e->next)
		if (e->hash == hash && tuple_equal(&e->tuple, tuple) &&
			(!e->device || !ifindex || e->device == ifindex))
			return e;
	return NULL;
}

static void grow(struct table *t)
{
	uint32_t size = t->size * 2;
	struct entry **b = calloc(size, sizeof(*b));

	if (!b)
		return;
	for (uint32_t i = 0; i < t->size; i++) {
		for (struct entry *e = t->buckets[i], *next; e; e = next) {
			next = e->next;
			e->next = b[e->hash & (size - 1)];
			b[e->hash & (size - 1)] = e;
		}
	}
	free(t->buckets);
	t->buckets = b;
	t->size = size;
}

void table_add(struct table *t, struct entry *e)
{
	struct entry **b;

	if (t->n >= t->size)
		grow(t);
	e->hash = tuple_hash(&t->key, &e->tuple);
	b = &t->buckets[e->hash & (t->size - 1)];
	e->next = *b;
	*b = e;
	t->n++;
	list_push_back(&t->ports[e->tuple.local.port % TABLE_PORT_BUCKETS],
		&e->by_port);
}

void table_remove(struct table *t, struct entry *e)
{
	struct entry **p = &t->buckets[e->hash & (t->size - 1)];

	while (*p != e)
		p = &(*p)->next;
	*p = e->next;
	t->n--;
	list_remove(&e->by_port);
}
