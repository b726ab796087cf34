/* Groups: who hears what is sent to one.
 *
 * Each socket's memberships are its own (member.c). Those who have any hang in one
 * list of the host, by links forward alone, so that "does anybody here listen" is a
 * short walk, and the service can gather what to tell the routers. A socket stays in
 * it until it is reaped, or is found dead. port_lock[UDP] is the list's lock.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "group.h"

#include <string.h>

#include "member.h"

#define BURY_MAX 256
#define ROUNDS_MAX 4096u /* dead ones taken out on behalf of one call */

static struct shm_lock *list_lock(const struct sock_env *e)
{
	return &e->arena->hdr->port_lock[1];
}

/* RFC 1112 4 (224.0.0.1), RFC 4291 2.8 (ff01::1, ff02::1): every host's. */
static bool is_everybodys(const struct shm_addr *a)
{
	static const struct shm_addr all[] = {
		{ .family = IP_V4, .b = { 224, 0, 0, 1 } },
		{ .family = IP_V6, .b = { 0xff, 1, [15] = 1 } },
		{ .family = IP_V6, .b = { 0xff, 2, [15] = 1 } },
	};

	for (unsigned k = 0; k < sizeof(all) / sizeof(all[0]); k++)
		if (sock_addr_same(&all[k], a))
			return true;
	return false;
}

/* ff02::1:ffXX:XXXX of an address of that interface (RFC 4291 2.7.1). */
static bool is_solicited_node(const struct sock_env *e, const struct shm_addr *a,
	uint32_t ifindex)
{
	static const uint8_t prefix[13] = { 0xff, 2, [11] = 1, 0xff };
	const struct shm_header *h = e->arena->hdr;
	uint32_t n = sock_once(&h->n_addrs);

	if (a->family != IP_V6 || memcmp(a->b, prefix, sizeof(prefix)) != 0)
		return false;
	for (uint32_t k = 0; k < n && k < SHM_ADDRS_MAX; k++)
		if (h->addrs[k].family == IP_V6 && h->addr_ifindex[k] == ifindex &&
			memcmp(h->addrs[k].b + 13, a->b + 13, 3) == 0)
			return true;
	return false;
}

/* --- one socket --- */

static bool passes(const struct member *m, const struct shm_addr *from)
{
	return member_has_source(m, from->b) == m->include;
}

bool group_allows(const struct sock_env *e, const struct shm_sock *s,
	const struct shm_addr *group, const struct shm_addr *from,
	uint32_t ifindex)
{
	struct member m;

	/* Linux's inet6_mc_check() does not look at the interface. */
	if (sock_once(&s->groups) && member_find(e, s, group,
			group->family == IP_V4 ? ifindex : 0, &m))
		return passes(&m, from);
	/* IP_MULTICAST_ALL, IPV6_MULTICAST_ALL */
	return group->family == IP_V4 ?
		!(sock_once(&s->opts.ip_bits) & SHM_IP_NO_MC_ALL) :
		!(sock_once(&s->opts.ip6_bits) & SHM_IP6_NO_MC_ALL);
}

/* --- the list; its lock is held --- */

static bool is_listed(const struct sock_env *e, uint32_t i)
{
	uint32_t k = sock_once(&e->arena->hdr->group_first);

	for (uint32_t n = 0; k && n < e->arena->n_socks; n++) {
		struct shm_sock *s = sock_at(e, k);

		if (k == i || !s)
			return k == i;
		k = sock_once(&s->group_next);
	}
	return false;
}

static void unlist(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	uint32_t *link = &e->arena->hdr->group_first;

	for (uint32_t n = 0; n < e->arena->n_socks; n++) {
		uint32_t k = sock_once(link);
		struct shm_sock *q = sock_at(e, k);

		if (!q)
			return;
		if (k == i) {
			atomic_word_put(link, sock_once(&s->group_next));
			atomic_add(&e->arena->hdr->group_changes, 1);
			return;
		}
		link = &q->group_next;
	}
}

void group_changed(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	struct shm_header *h = e->arena->hdr;

	if (shm_lock_acquire(e->arena, list_lock(e))) {
		if (!is_listed(e, i)) {
			atomic_word_put(&s->group_next,
				sock_once(&h->group_first));
			atomic_word_put(&h->group_first, i);
		}
		shm_lock_release(e->arena, list_lock(e));
	}
	/* Pairs with the service's look. */
	atomic_add(&h->group_changes, 1);
}

bool sock_groups_leave(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_at(e, i);

	if (!s || sock_once(&s->groups) == 0)
		return true;
	if (!shm_lock_acquire(e->arena, list_lock(e)))
		return false;
	unlist(e, i, s);
	shm_lock_release(e->arena, list_lock(e));
	return true;
}

/* --- the host --- */

static bool is_member(const struct sock_env *e, const struct shm_sock *s,
	const struct shm_addr *group, const struct shm_addr *from,
	uint32_t ifindex)
{
	struct member m;

	return member_find(e, s, group, ifindex, &m) && passes(&m, from);
}

/* The first that listens, 0 nobody. */
static uint32_t first_member(struct sock_env *e, const struct shm_addr *group,
	const struct shm_addr *from, uint32_t ifindex, uint32_t *gen)
{
	uint32_t k, found = 0;

	if (!shm_lock_acquire(e->arena, list_lock(e)))
		return 0;
	k = sock_once(&e->arena->hdr->group_first);
	for (uint32_t n = 0; k && !found && n < e->arena->n_socks; n++) {
		struct shm_sock *s = sock_at(e, k);

		if (!s)
			break;
		if (is_member(e, s, group, from, ifindex)) {
			*gen = atomic_get_relaxed(&s->gen);
			found = k;
		}
		k = sock_once(&s->group_next);
	}
	shm_lock_release(e->arena, list_lock(e));
	return found;
}

bool group_host_joined(struct sock_env *e, const struct shm_addr *group,
	const struct shm_addr *from, uint32_t ifindex)
{
	if (is_everybodys(group) || is_solicited_node(e, group, ifindex))
		return true;
	for (uint32_t round = 0; round < ROUNDS_MAX; round++) {
		uint32_t gen = 0, i = first_member(e, group, from, ifindex, &gen);
		struct shm_sock *s = sock_at(e, i);

		if (!s || !(sock_flags(s) & SHM_F_MAYBE_CLOSED) ||
			!sock_record_dead(e, i, gen))
			return i != 0;
		sock_groups_leave(e, i); /* its last close has left them */
	}
	return false;
}

/* --- for the service --- */

uint32_t sock_groups_changes(const struct sock_env *e)
{
	/* Pairs with the add in group_changed(). */
	return atomic_get_acquire(&e->arena->hdr->group_changes);
}

static void tell(struct sock_env *e, const struct shm_sock *s, sock_groups_fn *fn,
	void *user)
{
	struct member_walk w;
	struct member m;

	if (!member_walk_begin(e, s, &w))
		return;
	while (member_walk_next(&w, &m)) {
		struct sock_membership out = { .ifindex = m.ifindex,
			.group = m.group, .include = m.include, .n = m.n,
			.sources = (const uint8_t(*)[16])m.sources };

		fn(user, &out);
	}
}

void sock_groups_read(struct sock_env *e, sock_groups_fn *fn, void *user)
{
	uint32_t k;

	if (!shm_lock_acquire(e->arena, list_lock(e)))
		return;
	k = sock_once(&e->arena->hdr->group_first);
	for (uint32_t n = 0; k && n < e->arena->n_socks; n++) {
		struct shm_sock *s = sock_at(e, k);

		if (!s)
			break;
		tell(e, s, fn, user);
		k = sock_once(&s->group_next);
	}
	shm_lock_release(e->arena, list_lock(e));
}

/* Of those who may be closed, at most BURY_MAX, as names. */
static unsigned suspects(struct sock_env *e, uint32_t *i, uint32_t *gen)
{
	unsigned found = 0;
	uint32_t k;

	if (!shm_lock_acquire(e->arena, list_lock(e)))
		return 0;
	k = sock_once(&e->arena->hdr->group_first);
	for (uint32_t n = 0; k && n < e->arena->n_socks && found < BURY_MAX; n++) {
		struct shm_sock *s = sock_at(e, k);

		if (!s)
			break;
		if (sock_flags(s) & SHM_F_MAYBE_CLOSED) {
			gen[found] = atomic_get_relaxed(&s->gen);
			i[found++] = k;
		}
		k = sock_once(&s->group_next);
	}
	shm_lock_release(e->arena, list_lock(e));
	return found;
}

void sock_groups_bury(struct sock_env *e)
{
	uint32_t i[BURY_MAX], gen[BURY_MAX];
	unsigned n = suspects(e, i, gen);

	for (unsigned k = 0; k < n; k++)
		if (sock_record_dead(e, i[k], gen[k]))
			sock_groups_leave(e, i[k]);
}

bool sock_groups_closed(struct sock_env *e, uint32_t i)
{
	const struct shm_sock *s = sock_at(e, i);

	if (!s || sock_once(&s->groups) == 0)
		return false;
	/* The service looks who is gone; pairs with its load. */
	atomic_add(&e->arena->hdr->group_changes, 1);
	return true;
}
