/* The port table: who has which local port.
 *
 * Two tables (TCP; UDP with echo identifiers), each an array of chains by port
 * under one lock. A chain is doubly linked through the records. In TCP's, the
 * connected sockets come last: who looks for a listener stops at the first of
 * them, so a server's thousand connections cost a connect() nothing.
 *
 *   bucket -> LISTEN or bound -> LISTEN -> | connected -> connected -> ...
 *                                          SHM_F_CHAIN_TAIL
 *
 * Nobody takes a socket out when it is closed (the last close is known only to
 * the kernel): whoever finds it in the way asks e->is_dead() and removes it.
 * The lock is not held while asking.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "group.h"
#include "packet.h"
#include "reuse.h"
#include "timewait.h"

#define ROUNDS_MAX 4096u /* dead ones removed on behalf of one call */

enum { TABLE_TCP, TABLE_UDP };

/* What a socket asks of the table or holds in it. */
struct claim {
	struct shm_addr name;
	uint16_t protocol;
	bool v6only, reuse, reuseport, listening;
	uint32_t device; /* 0: any */
};

static unsigned table_of(const struct shm_sock *s)
{
	return s->protocol == IPPROTO_TCP && !sock_is_raw(s) ? TABLE_TCP :
							       TABLE_UDP;
}

static _Atomic uint32_t *bucket(const struct sock_env *e, unsigned table,
	uint16_t port)
{
	const struct shm_arena *a = e->arena;

	return &a->ports[(size_t)table * a->n_ports + (port & (a->n_ports - 1))];
}

/* The chain that s belongs into. */
static _Atomic uint32_t *head_of(const struct sock_env *e, const struct shm_sock *s)
{
	return sock_is_packet(s) ? &e->arena->hdr->packet_first :
				   bucket(e, table_of(s), s->local.port);
}

static bool table_lock(const struct sock_env *e, unsigned table)
{
	return shm_lock_acquire(e->arena, &e->arena->hdr->port_lock[table]);
}

static void table_unlock(const struct sock_env *e, unsigned table)
{
	shm_lock_release(e->arena, &e->arena->hdr->port_lock[table]);
}

bool sock_tw_lock(const struct sock_env *e)
{
	return table_lock(e, TABLE_TCP);
}

void sock_tw_unlock(const struct sock_env *e)
{
	table_unlock(e, TABLE_TCP);
}

/* --- chains; the lock is held ---
 *
 * Its owner may be killed at any store. The links forward are the chain; a link
 * back is a hint that is checked. Whatever may be in a chain has SHM_F_BOUND: it
 * is set before the first link and cleared after the last, and a removal that was
 * cut short can be done again. */

static void link_between(struct sock_env *e, _Atomic uint32_t *head, uint32_t i,
	struct shm_sock *s, uint32_t prev, uint32_t next)
{
	struct shm_sock *p = sock_at(e, prev), *n = sock_at(e, next);

	s->port_prev = p ? prev : 0;
	s->port_next = n ? next : 0;
	if (p)
		p->port_next = i;
	else
		atomic_put_relaxed(head, i); /* port_lock orders it */
	if (n)
		n->port_prev = i;
}

/* Who comes before i, by the links forward; NULL nobody. */
static struct shm_sock *before(struct sock_env *e, uint32_t first, uint32_t i)
{
	struct shm_sock *s = sock_at(e, first);

	for (uint32_t n = 0; s && n < e->arena->n_socks; n++) {
		uint32_t next = sock_once(&s->port_next);

		if (next == i)
			return s;
		s = sock_at(e, next);
	}
	return NULL;
}

static void chain_insert(struct sock_env *e, uint32_t i, struct shm_sock *s,
	bool connected)
{
	_Atomic uint32_t *head = head_of(e, s);
	uint32_t prev = 0, next = atomic_get_relaxed(head);

	for (uint32_t n = 0; connected && n < e->arena->n_socks; n++) {
		struct shm_sock *q = sock_at(e, next);

		if (!q || (sock_flags(q) & SHM_F_CHAIN_TAIL))
			break;
		prev = next;
		next = sock_once(&q->port_next);
	}
	atomic_set_bits(&s->flags,
		SHM_F_BOUND | (connected ? SHM_F_CHAIN_TAIL : 0));
	link_between(e, head, i, s, prev, next);
}

static void chain_remove(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	_Atomic uint32_t *head = head_of(e, s);
	uint32_t prev = sock_once(&s->port_prev), next = sock_once(&s->port_next);
	struct shm_sock *p = sock_at(e, prev), *n = sock_at(e, next);

	if (!(sock_flags(s) & SHM_F_BOUND))
		return;
	if (n && n->port_prev == i)
		n->port_prev = prev;
	if (atomic_get_relaxed(head) == i) {
		atomic_put_relaxed(head, n ? next : 0);
	} else {
		if (!p || p->port_next != i)
			p = before(e, atomic_get_relaxed(head), i);
		if (p)
			p->port_next = n ? next : 0;
	}
	s->port_prev = s->port_next = 0;
	atomic_clear_bits(&s->flags, SHM_F_BOUND | SHM_F_CHAIN_TAIL);
}

/* --- who is in whose way --- */

static struct claim claim_of(const struct shm_sock *s)
{
	struct claim c = { .name = s->local, .protocol = s->protocol };

	c.reuse = sock_has_opt(s, SHM_O_REUSEADDR);
	c.reuseport = sock_has_opt(s, SHM_O_REUSEPORT);
	c.v6only = sock_has_opt(s, SHM_O_V6ONLY);
	c.listening = sock_state(s) == SHM_SOCK_LISTEN;
	c.device = sock_once(&s->opts.bound_if);
	return c;
}

/* Is there an address that both receive? Linux: inet_rcv_saddr_equal(). */
static bool overlap(const struct claim *x, const struct claim *y)
{
	bool xany = sock_addr_any(&x->name), yany = sock_addr_any(&y->name);

	if (x->name.family == y->name.family)
		return xany || yany || sock_addr_same(&x->name, &y->name);
	/* One is IPv6: it meets IPv4 only as a dual-stack wildcard. */
	if (x->name.family == IP_V6)
		return xany && !x->v6only;
	return yany && !y->v6only;
}

/* strict: choosing a port, where nothing is shared (Linux: !relax). The rules are
 * inet_csk_bind_conflict(), udp_lib_lport_inuse() and ping_get_port(). */
static bool conflict(const struct claim *mine, const struct claim *theirs,
	bool strict)
{
	bool both = mine->reuse && theirs->reuse;

	if (mine->protocol != theirs->protocol)
		return false;
	if (mine->protocol == IPPROTO_ICMP || mine->protocol == IPPROTO_ICMPV6)
		return strict || !both;
	if (!overlap(mine, theirs) ||
		(mine->device && theirs->device && mine->device != theirs->device))
		return false;
	if (strict)
		return true;
	if (both && (mine->protocol != IPPROTO_TCP || !theirs->listening))
		return false;
	return !(mine->reuseport && theirs->reuseport);
}

/* First of the chain that is in the way; the lock is held. 0 nobody. */
static uint32_t find_conflict(struct sock_env *e, unsigned table, uint32_t self,
	const struct claim *mine, bool strict, uint32_t *gen)
{
	uint32_t i = atomic_get_relaxed(bucket(e, table, mine->name.port));
	int64_t now = sock_now(e);

	for (uint32_t n = 0; n < e->arena->n_socks; n++) {
		struct shm_sock *s = sock_at(e, i);
		struct claim theirs;

		if (!s)
			return 0;
		theirs = claim_of(s);
		if (i != self && theirs.name.port == mine->name.port &&
			!sock_is_raw(s) && conflict(mine, &theirs, strict) &&
			!(sock_is_stream(s) && sock_tw_released(e, s, now))) {
			*gen = atomic_get_relaxed(&s->gen);
			return i;
		}
		i = sock_once(&s->port_next);
	}
	return 0;
}

/* Does what a connection has left stand in the way of a bind? The lock is held. *way:
 * what it is. */
static bool left_in_the_way(const struct sock_env *e, const struct claim *mine,
	bool strict, struct shm_time_wait *way)
{
	struct tw_walk walk = { 0 };
	struct shm_time_wait *w;
	int64_t now = sock_now(e);

	if (mine->protocol != IPPROTO_TCP || !e->now)
		return false;
	while ((w = sock_tw_next(e, mine->name.port, now, &walk)) != NULL) {
		struct claim theirs = { .name = w->local,
			.protocol = IPPROTO_TCP,
			.reuse = w->flags & TW_REUSE,
			.reuseport = w->flags & TW_REUSEPORT,
			.v6only = w->flags & TW_V6ONLY };

		if (conflict(mine, &theirs, strict)) {
			way->local = w->local;
			way->remote = w->remote;
			return true;
		}
	}
	return false;
}

/* The same for a connection: 0, or 1 in the way. It may take the place of one. */
static bool left_pair(const struct sock_env *e, const struct shm_addr *local,
	const struct shm_addr *remote, bool chosen)
{
	int64_t now = sock_now(e);
	struct shm_time_wait *w = e->now ?
		sock_tw_find(e, local, remote, now) : NULL;

	if (!w)
		return false;
	if (!sock_tw_reusable(w, chosen, now))
		return true;
	w->flags |= TW_DEAD;
	return false;
}

/* Is the same pair of names in use by another connection? The lock is held. */
static uint32_t find_pair(struct sock_env *e, uint32_t self, uint16_t port,
	const struct shm_addr *local, const struct shm_addr *remote, uint32_t *gen)
{
	uint32_t i = atomic_get_relaxed(bucket(e, TABLE_TCP, port));

	for (uint32_t n = 0; n < e->arena->n_socks; n++) {
		struct shm_sock *s = sock_at(e, i);
		struct shm_addr l, r;

		if (!s)
			return 0;
		l = s->local;
		r = s->remote;
		/* A dead one (Linux: CLOSE) has no connection any more. */
		if (i != self && l.port == port && r.port == remote->port &&
			r.family != IP_NONE && sock_addr_same(&l, local) &&
			sock_addr_same(&r, remote) &&
			sock_state(s) != SHM_SOCK_DEAD) {
			*gen = atomic_get_relaxed(&s->gen);
			return i;
		}
		i = sock_once(&s->port_next);
	}
	return 0;
}

/* --- the dead --- */

bool sock_record_dead(struct sock_env *e, uint32_t i, uint32_t gen)
{
	struct shm_sock *s = sock_live(e, i);

	if (!s || atomic_get_acquire(&s->gen) != gen)
		return true;
	if (sock_flags(s) & SHM_F_EMBRYO) {
		/* Until it is accepted it belongs to its listener. */
		uint32_t l = sock_once(&s->listener);
		struct shm_sock *ls = sock_live(e, l);

		if (!ls || atomic_get_acquire(&ls->gen) !=
				sock_once(&s->listener_gen))
			return true;
		i = l;
	}
	return e->is_dead && e->is_dead(e->user, i) == 1;
}

/* Take (i, gen) out if it is still there. */
static void evict(struct sock_env *e, unsigned table, uint32_t i, uint32_t gen)
{
	struct shm_sock *s = sock_at(e, i);

	if (!s)
		return;
	if (atomic_get_acquire(&s->gen) == gen)
		sock_tw_leave(e, i, s, sock_died_with_reset(e, s));
	if (!table_lock(e, table))
		return;
	if (atomic_get_acquire(&s->gen) == gen && table_of(s) == table)
		chain_remove(e, i, s);
	table_unlock(e, table);
}

void sock_forget(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_at(e, i);

	if (s)
		evict(e, table_of(s), i, atomic_get_acquire(&s->gen));
}

/* --- binding --- */

/* In the way, and alive; but its other end may have died without its knowing, by a
 * reset say: then look again. */
static bool peer_was_gone(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);
	uint32_t p = s ? sock_once(&s->peer) : 0;

	if (!s || !sock_is_stream(s) || !sock_peer_suspect(e, i) || p == i ||
		!e->is_dead || e->is_dead(e->user, p) != 1)
		return false;
	sock_peer_gone(e, i);
	return true;
}

/* What is left of a connection is in the way, but its other end may have died without
 * anybody's knowing, by a reset say: then look again. */
static bool left_is_over(struct sock_env *e, const struct shm_time_wait *w)
{
	struct shm_addr local = w->local, remote = w->remote;
	uint32_t other, gen = 0;

	if (!table_lock(e, TABLE_TCP))
		return false;
	other = find_pair(e, 0, remote.port, &remote, &local, &gen);
	table_unlock(e, TABLE_TCP);
	if (other == 0 || !sock_record_dead(e, other, gen))
		return false;
	evict(e, TABLE_TCP, other, gen);
	return true;
}

/* Bind to name's port, which is not 0. */
static int bind_exact(struct sock_env *e, uint32_t i, struct shm_sock *s,
	const struct shm_addr *name, bool strict, bool ask)
{
	unsigned table = table_of(s);
	struct claim mine = claim_of(s);

	mine.name = *name;
	for (uint32_t round = 0; round < ROUNDS_MAX; round++) {
		struct shm_time_wait way = { 0 };
		uint32_t gen = 0, other;
		bool left;

		if (!table_lock(e, table))
			return -EAGAIN;
		other = find_conflict(e, table, i, &mine, strict, &gen);
		left = other == 0 && left_in_the_way(e, &mine, strict, &way);
		if (other == 0 && !left) {
			s->local = *name;
			chain_insert(e, i, s, false);
		}
		table_unlock(e, table);
		if (left && ask && left_is_over(e, &way))
			continue;
		if (other == 0)
			return left ? -EADDRINUSE : 0;
		if (ask && peer_was_gone(e, other))
			continue;
		if (!ask || !sock_record_dead(e, other, gen))
			break;
		evict(e, table, other, gen);
	}
	return -EADDRINUSE;
}

struct range {
	uint32_t first, count, start;
};

/* IP_LOCAL_PORT_RANGE: an end of it counts where it lies within the host's. */
static void narrow(uint32_t *first, uint32_t *last, uint32_t wish)
{
	uint32_t low = wish & 0xffff, high = wish >> 16, top = *last;

	if (low >= *first && low <= top)
		*first = low;
	if (high >= *first && high <= top)
		*last = high;
}

/* The ephemeral range, and where in it to begin (RFC 6056 3.3.1). */
static struct range port_range(struct sock_env *e, const struct shm_sock *s)
{
	const struct shm_header *h = e->arena->hdr;
	uint32_t first = h->port_first, last = h->port_last, rnd;
	struct range r;

	if (sock_is_echo(s)) {
		first = 1; /* any identifier (RFC 792) */
		last = 65535;
	}
	if (first == 0 || first > last) {
		first = 32768;
		last = 60999;
	}
	narrow(&first, &last, sock_once(&s->kept.port_range));
	rnd = e->random ? e->random(e->user) :
			  /* One word that all bump; no order matters. */
		atomic_add(&e->arena->hdr->port_rover, 1);
	r.first = first;
	r.count = last - first + 1;
	r.start = rnd % r.count;
	return r;
}

/* The n-th candidate. */
static uint16_t port_of(const struct range *r, uint32_t n)
{
	return (uint16_t)(r->first + (r->start + n) % r->count);
}

int sock_port_bind(struct sock_env *e, uint32_t i, struct shm_sock *s,
	const struct shm_addr *name)
{
	struct shm_addr try = *name;
	struct range r;

	if (name->port != 0)
		return bind_exact(e, i, s, name, false, true);
	r = port_range(e, s);
	/* Only if nothing is free is it asked who of them is dead. */
	for (int ask = 0; ask < 2; ask++) {
		for (uint32_t n = 0; n < r.count; n++) {
			int err;

			try.port = port_of(&r, n);
			err = bind_exact(e, i, s, &try, true, ask);
			if (err != -EADDRINUSE)
				return err;
		}
	}
	return -EADDRINUSE;
}

int sock_port_listen(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	struct claim mine = claim_of(s);

	mine.listening = true;
	for (uint32_t round = 0; round < ROUNDS_MAX; round++) {
		uint32_t gen = 0, other;

		if (!table_lock(e, TABLE_TCP))
			return -EAGAIN;
		other = find_conflict(e, TABLE_TCP, i, &mine, false, &gen);
		if (other == 0)
			/* Under the lock: of two only one gets here first. */
			atomic_put_release(&s->state, SHM_SOCK_LISTEN);
		table_unlock(e, TABLE_TCP);
		if (other == 0)
			return 0;
		if (!sock_record_dead(e, other, gen))
			break;
		evict(e, TABLE_TCP, other, gen);
	}
	return -EADDRINUSE;
}

/* --- connecting --- */

/* May a port be shared by connections to different places? Linux: only among
 * sockets that all got it by connect(). The lock is held. */
static bool port_shareable(struct sock_env *e, uint16_t port)
{
	uint32_t i = atomic_get_relaxed(bucket(e, TABLE_TCP, port));

	for (uint32_t n = 0; n < e->arena->n_socks; n++) {
		struct shm_sock *s = sock_at(e, i);

		if (!s)
			return true;
		if (s->local.port == port &&
			!(sock_flags(s) & SHM_F_AUTOBOUND))
			return false;
		i = sock_once(&s->port_next);
	}
	return false;
}

/* Nor with what one that was bound has left. */
static bool left_shareable(const struct sock_env *e, uint16_t port)
{
	struct tw_walk walk = { 0 };
	struct shm_time_wait *w;
	int64_t now = sock_now(e);

	while (e->now && (w = sock_tw_next(e, port, now, &walk)) != NULL) {
		if (!(w->flags & TW_AUTOBOUND))
			return false;
	}
	return true;
}

static int connect_exact(struct sock_env *e, uint32_t i, struct shm_sock *s,
	const struct shm_addr *local, const struct shm_addr *remote, bool chosen,
	bool ask)
{
	for (uint32_t round = 0; round < ROUNDS_MAX; round++) {
		uint32_t gen = 0, other = 0;
		bool free;

		if (!table_lock(e, TABLE_TCP))
			return -EAGAIN;
		free = !chosen || (port_shareable(e, local->port) &&
			left_shareable(e, local->port));
		if (free)
			other = find_pair(e, i, local->port, local, remote, &gen);
		if (free && other == 0)
			free = !left_pair(e, local, remote, chosen);
		if (free && other == 0) {
			chain_remove(e, i, s);
			s->local = *local;
			s->remote = *remote;
			if (chosen)
				atomic_set_bits(&s->flags, SHM_F_AUTOBOUND);
			chain_insert(e, i, s, true);
		}
		table_unlock(e, TABLE_TCP);
		if (free && other == 0)
			return 0;
		if (!free || !ask || !sock_record_dead(e, other, gen))
			break;
		evict(e, TABLE_TCP, other, gen);
	}
	return -EADDRNOTAVAIL;
}

int sock_port_connect(struct sock_env *e, uint32_t i, struct shm_sock *s,
	const struct shm_addr *local, const struct shm_addr *remote)
{
	struct shm_addr try = *local;
	struct range r;

	if (local->port != 0)
		return connect_exact(e, i, s, local, remote, false, true);
	r = port_range(e, s);
	for (int ask = 0; ask < 2; ask++) {
		for (uint32_t n = 0; n < r.count; n++) {
			int err;

			try.port = port_of(&r, n);
			err = connect_exact(e, i, s, &try, remote, true, ask);
			if (err != -EADDRNOTAVAIL)
				return err;
		}
	}
	return -EADDRNOTAVAIL;
}

void sock_port_transfer(struct sock_env *e, uint32_t i, struct shm_sock *s,
	uint32_t j, struct shm_sock *d)
{
	if (!(sock_flags(s) & SHM_F_BOUND) || !table_lock(e, table_of(s)))
		return;
	chain_remove(e, i, s);
	chain_insert(e, j, d, false);
	table_unlock(e, table_of(s));
}

void sock_port_enter(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	if (!table_lock(e, table_of(s)))
		return;
	chain_insert(e, i, s, true);
	table_unlock(e, table_of(s));
}

void sock_port_leave(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	unsigned table = table_of(s);

	if (!(sock_flags(s) & SHM_F_BOUND) || !table_lock(e, table))
		return;
	chain_remove(e, i, s);
	table_unlock(e, table);
}

/* --- finding a receiver --- */

/* How well s fits what came in by ifindex (0: by any); -1 not at all. Linux:
 * compute_score(). */
static int fitness(const struct shm_sock *s, const struct shm_addr *local,
	const struct shm_addr *remote, uint32_t ifindex)
{
	struct shm_addr l = s->local, r = s->remote;
	uint32_t device = sock_once(&s->opts.bound_if);
	int score = device ? 4 : 0;

	if (l.port != local->port || (device && ifindex && device != ifindex))
		return -1;
	if (sock_addr_any(&l)) {
		if (local->family != l.family &&
			(l.family != IP_V6 || sock_has_opt(s, SHM_O_V6ONLY)))
			return -1;
	} else if (!sock_addr_same(&l, local)) {
		return -1;
	} else {
		score += 4;
	}
	if (s->type == SOCK_DGRAM && r.family != IP_NONE && r.port != 0) {
		if (!remote || r.port != remote->port ||
			!sock_addr_same(&r, remote))
			return -1;
		score += 8;
	}
	/* Linux prefers a socket of the packet's own family. */
	return score + (l.family == local->family ? 1 : 0);
}

/* Which of a reuseport group: by the remote name, as Linux, so that one peer's
 * datagrams keep going to one socket. */
static uint32_t spread(const struct shm_addr *remote)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	if (!remote)
		return 0;
	for (unsigned k = 0; k < sizeof(remote->b); k++)
		h = (h ^ remote->b[k]) * 16777619u;
	h = (h ^ (remote->port & 0xff)) * 16777619u;
	return ((h ^ (remote->port >> 8)) * 16777619u) >> 7;
}

struct best {
	uint32_t i, gen, group; /* group: members of equal fitness */
	int score;
};

static void consider(struct best *b, struct shm_sock *s, uint32_t i, int score,
	uint32_t hash)
{
	if (score < 0 || score < b->score)
		return;
	if (score == b->score) {
		/* The first met is the latest bound. Among reuseport, each of
		 * the n members is kept with the hash's share of 1 in n. */
		if (!sock_has_opt(s, SHM_O_REUSEPORT))
			return;
		b->group++;
		if (hash % b->group != b->group - 1)
			return;
	} else {
		b->group = 1;
	}
	b->i = i;
	b->gen = atomic_get_relaxed(&s->gen);
	b->score = score;
}

/* What is looked for. */
struct search {
	unsigned table;
	int protocol;
	const struct shm_addr *local, *remote;
	uint32_t ifindex;
	const struct reuse_packet *packet; /* NULL: without payload */
};

static bool suits_search(const struct shm_sock *s, const struct search *q)
{
	return s->protocol == q->protocol && !sock_is_raw(s) &&
		(q->table == TABLE_UDP || sock_state(s) == SHM_SOCK_LISTEN);
}

/* All who suit as well as the best: then a program may choose. The lock is held. */
static void choose(struct sock_env *e, const struct search *q, struct best *b)
{
	uint32_t members[REUSE_MEMBERS], n = 0, chosen;
	uint32_t i = atomic_get_relaxed(bucket(e, q->table, q->local->port));
	bool any = false;

	for (uint32_t k = 0; k < e->arena->n_socks && n < REUSE_MEMBERS; k++) {
		struct shm_sock *s = sock_at(e, i);

		if (!s || (q->table == TABLE_TCP &&
				  (sock_flags(s) & SHM_F_CHAIN_TAIL)))
			break;
		if (suits_search(s, q) && sock_has_opt(s, SHM_O_REUSEPORT) &&
			fitness(s, q->local, q->remote, q->ifindex) == b->score) {
			members[n++] = i;
			any |= sock_once(&s->chooser) != 0;
		}
		i = sock_once(&s->port_next);
	}
	chosen = any ? reuse_choose(e, q->packet, members, n, b->i) : b->i;
	b->i = chosen;
	b->gen = atomic_get_relaxed(&sock_at(e, chosen)->gen);
}

unsigned sock_port_siblings(struct sock_env *e, const struct shm_sock *s, uint32_t *out,
	unsigned max)
{
	unsigned table = table_of(s), found = 0;
	uint32_t i;

	if (s->local.port == 0 || !table_lock(e, table))
		return 0;
	i = atomic_get_relaxed(bucket(e, table, s->local.port));
	for (uint32_t n = 0; n < e->arena->n_socks && found < max; n++) {
		const struct shm_sock *q = sock_at(e, i);

		if (!q)
			break;
		if (q != s && q->protocol == s->protocol &&
			q->local.port == s->local.port &&
			sock_has_opt(q, SHM_O_REUSEPORT) &&
			sock_addr_same(&q->local, &s->local))
			out[found++] = i;
		i = sock_once(&q->port_next);
	}
	table_unlock(e, table);
	return found;
}

static struct best find_best(struct sock_env *e, const struct search *q)
{
	struct best b = { .score = -1 };
	uint32_t hash = spread(q->remote), i;

	if (!table_lock(e, q->table))
		return b;
	i = atomic_get_relaxed(bucket(e, q->table, q->local->port));
	for (uint32_t n = 0; n < e->arena->n_socks; n++) {
		struct shm_sock *s = sock_at(e, i);

		if (!s || (q->table == TABLE_TCP &&
				  (sock_flags(s) & SHM_F_CHAIN_TAIL)))
			break;
		if (suits_search(s, q))
			consider(&b, s, i, fitness(s, q->local, q->remote,
				q->ifindex), hash);
		i = sock_once(&s->port_next);
	}
	if (b.group > 1)
		choose(e, q, &b);
	table_unlock(e, q->table);
	return b;
}

static uint32_t find_living(struct sock_env *e, const struct search *q)
{
	for (uint32_t round = 0; round < ROUNDS_MAX; round++) {
		struct best b = find_best(e, q);
		struct shm_sock *s = sock_at(e, b.i);

		if (!s || !(sock_flags(s) & SHM_F_MAYBE_CLOSED) ||
			!sock_record_dead(e, b.i, b.gen))
			return b.i;
		evict(e, q->table, b.i, b.gen);
	}
	return 0;
}

uint32_t sock_find_listener(struct sock_env *e, const struct shm_addr *local,
	const struct shm_addr *remote, uint32_t ifindex)
{
	struct search q = { TABLE_TCP, IPPROTO_TCP, local, remote, ifindex, NULL };

	return find_living(e, &q);
}

uint32_t sock_find_dgram(struct sock_env *e, int protocol,
	const struct shm_addr *local, const struct shm_addr *remote)
{
	return sock_find_dgram_on(e, protocol, local, remote, 0);
}

uint32_t sock_find_dgram_on(struct sock_env *e, int protocol,
	const struct shm_addr *local, const struct shm_addr *remote,
	uint32_t ifindex)
{
	return sock_find_dgram_for(e, protocol, local, remote, ifindex, NULL);
}

uint32_t sock_find_dgram_for(struct sock_env *e, int protocol,
	const struct shm_addr *local, const struct shm_addr *remote,
	uint32_t ifindex, const struct reuse_packet *k)
{
	struct search q = { TABLE_UDP, protocol, local, remote, ifindex, k };

	return protocol == IPPROTO_TCP ? 0 : find_living(e, &q);
}

unsigned sock_find_dgrams(struct sock_env *e, int protocol,
	const struct shm_addr *local, const struct shm_addr *remote,
	uint32_t ifindex, uint32_t *out, unsigned max)
{
	struct ip_addr ip = sock_ip(local);
	bool multicast = ip_addr_is_multicast(&ip);
	unsigned found = 0;
	uint32_t i;

	if (protocol == IPPROTO_TCP || !table_lock(e, TABLE_UDP))
		return 0;
	i = atomic_get_relaxed(bucket(e, TABLE_UDP, local->port));
	for (uint32_t n = 0; n < e->arena->n_socks && found < max; n++) {
		struct shm_sock *s = sock_at(e, i);

		if (!s)
			break;
		/* A dead one in between costs a copy that nobody reads. */
		if (s->protocol == protocol && !sock_is_raw(s) &&
			fitness(s, local, remote, ifindex) >= 0 &&
			(!multicast ||
				group_allows(e, s, local, remote, ifindex)))
			out[found++] = i;
		i = sock_once(&s->port_next);
	}
	table_unlock(e, TABLE_UDP);
	return found;
}

unsigned sock_find_receivers(struct sock_env *e, int protocol,
	const struct shm_addr *local, const struct shm_addr *remote,
	uint32_t ifindex, const struct span *payload, uint32_t *out, unsigned max)
{
	enum sock_addr_kind kind = sock_addr_kind(e, local);
	struct reuse_packet k = { payload, 1, payload->len, ifindex,
		local->family == IP_V6 };

	if (kind == SOCK_ADDR_MULTICAST || kind == SOCK_ADDR_BROADCAST)
		return sock_find_dgrams(e, protocol, local, remote, ifindex, out,
			max);
	*out = sock_find_dgram_for(e, protocol, local, remote, ifindex, &k);
	return *out != 0;
}

/* --- packet sockets --- */

bool sock_any_packet(const struct sock_env *e)
{
	/* A look only; who enters just now sees the next frame. */
	return atomic_get_relaxed(&e->arena->hdr->packet_first) != 0;
}

unsigned sock_port_packets(struct sock_env *e, uint32_t *out, unsigned max)
{
	unsigned found = 0;
	uint32_t i;

	if (!table_lock(e, TABLE_UDP))
		return 0;
	i = atomic_get_relaxed(&e->arena->hdr->packet_first);
	for (uint32_t n = 0; n < e->arena->n_socks && found < max; n++) {
		struct shm_sock *s = sock_at(e, i);

		if (!s)
			break;
		if (sock_is_packet(s))
			out[found++] = i;
		i = sock_once(&s->port_next);
	}
	table_unlock(e, TABLE_UDP);
	return found;
}

/* --- raw sockets --- */

bool sock_port_enter_raw(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	if (!table_lock(e, TABLE_UDP))
		return false;
	chain_insert(e, i, s, false);
	table_unlock(e, TABLE_UDP);
	return true;
}

bool sock_any_raw(const struct sock_env *e)
{
	/* A look only; who enters just now sees the next packet. */
	return atomic_get_relaxed(bucket(e, TABLE_UDP, 0)) != 0;
}

bool sock_raw_hears(struct sock_env *e, int protocol)
{
	bool found = false;
	uint32_t i;

	if (!sock_any_raw(e) || !table_lock(e, TABLE_UDP))
		return false;
	i = atomic_get_relaxed(bucket(e, TABLE_UDP, 0));
	for (uint32_t n = 0; n < e->arena->n_socks && !found; n++) {
		const struct shm_sock *s = sock_at(e, i);

		if (!s)
			break;
		found = sock_is_raw(s) && s->protocol == protocol;
		i = sock_once(&s->port_next);
	}
	table_unlock(e, TABLE_UDP);
	return found;
}

/* Linux: raw_v4_match(), raw_v6_match(). */
static bool raw_matches(const struct shm_sock *s, int protocol,
	const struct shm_addr *local, const struct shm_addr *remote,
	uint32_t ifindex)
{
	struct shm_addr l = s->local, r = s->remote;
	uint32_t device = sock_once(&s->opts.bound_if);

	return sock_is_raw(s) && s->protocol == protocol &&
		(s->family == local->family) &&
		(device == 0 || device == ifindex) &&
		(sock_addr_any(&l) || sock_addr_same(&l, local)) &&
		(r.family == IP_NONE || sock_addr_any(&r) ||
			sock_addr_same(&r, remote));
}

unsigned sock_find_raw(struct sock_env *e, int protocol,
	const struct shm_addr *local, const struct shm_addr *remote,
	uint32_t ifindex, uint32_t *out, unsigned max)
{
	unsigned found = 0;
	uint32_t i;

	if (!table_lock(e, TABLE_UDP))
		return 0;
	i = atomic_get_relaxed(bucket(e, TABLE_UDP, 0));
	for (uint32_t n = 0; n < e->arena->n_socks && found < max; n++) {
		struct shm_sock *s = sock_at(e, i);

		if (!s)
			break;
		if (raw_matches(s, protocol, local, remote, ifindex))
			out[found++] = i;
		i = sock_once(&s->port_next);
	}
	table_unlock(e, TABLE_UDP);
	return found;
}
