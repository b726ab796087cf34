/* A learning switch (IEEE 802.1D transparent bridging, without spanning tree):
 * it remembers behind which port an address was last seen, sends a known
 * address there and only there, and all else to every other port.
 *
 * The memory is a table of sets: an address can lie in the four places of one
 * set, the stalest makes way. However many addresses a host makes up, the work
 * and the memory stay the same.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "private.h"

#define MAC_SIZE 6
#define SWITCH_SETS 512 /* power of two */
#define SWITCH_WAYS 4
#define SWITCH_AGEING DURATION_S(300) /* IEEE 802.1D-2004 table 7-5 */

struct switch_entry {
	uint8_t mac[MAC_SIZE];
	uint16_t port_plus_one; /* 0: free */
	struct instant seen;
};

struct switch_table {
	struct switch_entry sets[SWITCH_SETS][SWITCH_WAYS];
};

static struct switch_entry *switch_set(struct switch_table *t,
	const uint8_t *mac)
{
	uint64_t key = 0;

	memcpy(&key, mac, MAC_SIZE);
	key *= 0x9e3779b97f4a7c15u; /* Fibonacci hashing: the top bits are mixed */
	return t->sets[key >> 32 & (SWITCH_SETS - 1)];
}

static bool is_group(const uint8_t *mac)
{
	return mac[0] & 1;
}

/* Pause frames, spanning tree and their like never pass (802.1D-2004 7.12.6). */
static bool is_reserved(const uint8_t *mac)
{
	static const uint8_t prefix[] = { 0x01, 0x80, 0xc2, 0, 0 };

	return memcmp(mac, prefix, sizeof(prefix)) == 0 && mac[5] < 0x10;
}

static void switch_learn(struct switch_table *t, const uint8_t *mac, int port,
	struct instant now)
{
	struct switch_entry *set = switch_set(t, mac), *e = set;

	if (is_group(mac)) /* not a source: 802.1D-2004 7.8 */
		return;
	for (int i = 0; i < SWITCH_WAYS; i++) {
		if (set[i].port_plus_one &&
			memcmp(set[i].mac, mac, MAC_SIZE) == 0) {
			e = &set[i];
			break;
		}
		if (e->port_plus_one && (!set[i].port_plus_one ||
			instant_before(set[i].seen, e->seen)))
			e = &set[i];
	}
	memcpy(e->mac, mac, MAC_SIZE);
	e->port_plus_one = (uint16_t)(port + 1);
	e->seen = now;
}

/* The port, or -1 when unknown or known too long ago. */
static int switch_find(struct switch_table *t, const uint8_t *mac,
	struct instant now)
{
	struct switch_entry *set = switch_set(t, mac);

	for (int i = 0; i < SWITCH_WAYS; i++) {
		if (!set[i].port_plus_one ||
			memcmp(set[i].mac, mac, MAC_SIZE) != 0)
			continue;
		if (instant_sub(now, set[i].seen).ns > SWITCH_AGEING.ns)
			return -1;
		return set[i].port_plus_one - 1;
	}
	return -1;
}

static void switch_route(struct link *l, int from, struct instant now,
	struct frame *f)
{
	struct switch_table *t = l->priv;
	const uint8_t *dst = f->data, *src = f->data + MAC_SIZE;
	int to = -1;

	switch_learn(t, src, from, now);
	if (is_reserved(dst))
		return;
	if (!is_group(dst))
		to = switch_find(t, dst, now);
	if (to >= 0) {
		if (to != from) /* else it is on its own side already */
			link_cross(l, from, to, now, f);
		return;
	}
	for (to = 0; to < l->nports; to++)
		if (to != from)
			link_cross(l, from, to, now, f);
}

static void switch_fini(struct link *l)
{
	free(l->priv);
}

static const struct link_driver switch_driver = {
	.ports_max = LINK_PORTS_MAX,
	.route = switch_route,
	.fini = switch_fini,
};

struct link *link_new_switch(const char *name, uint64_t seed)
{
	struct switch_table *t = calloc(1, sizeof(*t));
	struct link *l;

	if (!t)
		return NULL;
	l = link_new(name, seed, &switch_driver, t);
	if (!l)
		free(t);
	return l;
}
