/* What TCP knows by its four-tuple: connections, half-open requests of
 * listeners and TIME-WAIT records, in one hash table keyed by SipHash (an
 * outsider cannot aim at one bucket), and by local port for bind()'s questions.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_TABLE_H
#define TCP_TABLE_H

#include "base/ipaddr.h"
#include "base/list.h"
#include "base/rng.h"
#include "base/timerq.h"
#include "tcp/tcp.h"

enum entry_kind { ENTRY_CONN, ENTRY_REQUEST, ENTRY_TIME_WAIT };

/* First member of struct conn, struct request and struct time_wait. */
struct entry {
	struct entry *next;  /* table's: same bucket */
	struct list by_port; /* table's: same port bucket */
	uint64_t hash;	     /* table's */
	struct tcp_tuple tuple;
	uint32_t device;     /* heard and sent by this interface alone; 0: by any */
	struct timer_node timer; /* the earliest thing that it waits for */
	enum entry_kind kind;
};

enum { TABLE_PORT_BUCKETS = 512 };

struct table {
	struct siphash_key key;
	struct entry **buckets; /* own, `size` of them, a power of two */
	uint32_t size;
	uint32_t n;
	struct list ports[TABLE_PORT_BUCKETS];
};

int table_init(struct table *t, const struct siphash_key *key); /* -ENOMEM */
void table_fini(struct table *t); /* entries are their owners' */
/* Who hears these names by that interface; 0: by whichever. */
struct entry *table_find(const struct table *t, const struct tcp_tuple *tuple,
	uint32_t ifindex);
/* e->tuple is set and not in the table. Cannot fail: when it cannot grow, it
 * gets slower. */
void table_add(struct table *t, struct entry *e);
void table_remove(struct table *t, struct entry *e);
bool tuple_equal(const struct tcp_tuple *a, const struct tcp_tuple *b);
/* Feeds a hash: 40 bytes that depend on both names (not on scopes). */
uint64_t tuple_hash(const struct siphash_key *key, const struct tcp_tuple *t);

#endif
