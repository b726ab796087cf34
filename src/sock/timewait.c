/* TIME-WAIT within the host: who closes first leaves his two names behind for a
 * minute (RFC 9293 3.6.1), so that Linux's rules for bind() and connect() hold.
 *
 * No packet of the old connection can come late here; what counts is what programs
 * see: a server that is started again without SO_REUSEADDR finds its port taken.
 * So a record of two names, its end and its options is all that is kept.
 *
 * The records are a ring in the arena that is only ever written on: number n lies
 * at n modulo the ring's size and has overwritten n - size. Each bucket of local
 * ports knows its newest number, each record the next older of its bucket. A link
 * leads to a record that has another number now: it and all behind it are gone.
 * So nothing is ever unlinked, and a death in between leaves at worst a record that
 * no bucket knows. All under the lock of TCP's port table.
 *
 * A server that closes first leaves thousands with its one local port. bind() has to
 * look at them; who asks for one connection's goes by buckets of both ports, which are
 * linked in the same way.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "timewait.h"

static struct shm_time_wait *at(const struct sock_env *e, uint32_t number)
{
	const struct shm_arena *a = e->arena;

	return &a->time_waits[number & (a->n_time_waits - 1)];
}

static _Atomic uint32_t *bucket(const struct sock_env *e, uint16_t port)
{
	return &e->arena->tw_newest[port & (e->arena->n_ports - 1)];
}

static _Atomic uint32_t *pair_bucket(const struct sock_env *e, uint16_t local,
	uint16_t remote)
{
	uint16_t mixed = local ^ (uint16_t)(remote * 40503u); /* odd: all of them */

	return &e->arena->tw_pairs[mixed & (e->arena->n_ports - 1)];
}

int64_t sock_now(const struct sock_env *e)
{
	return e->now ? e->now(e->user) : 0;
}

static bool over(const struct shm_time_wait *w, int64_t now)
{
	return (w->flags & TW_DEAD) || w->until <= now;
}

/* The record of that number, if it is still there. */
static struct shm_time_wait *valid(const struct sock_env *e, uint32_t number)
{
	struct shm_time_wait *w = at(e, number);

	return number != 0 && atomic_get_acquire(&w->number) == number ? w : NULL;
}

struct shm_time_wait *sock_tw_next(const struct sock_env *e, uint16_t port,
	int64_t now, struct tw_walk *walk)
{
	struct shm_time_wait *w;

	if (!walk->begun)
		walk->number = atomic_get_relaxed(bucket(e, port));
	walk->begun = true;
	for (; walk->steps < e->arena->n_time_waits; walk->steps++) {
		w = valid(e, walk->number);
		/* Older ones were made before: their times are over too. */
		if (!w || w->since + TW_LONGEST_NS < now)
			return NULL;
		walk->number = w->older;
		if (w->local.port == port && !over(w, now))
			return w;
	}
	return NULL;
}

struct shm_time_wait *sock_tw_find(const struct sock_env *e,
	const struct shm_addr *local, const struct shm_addr *remote, int64_t now)
{
	uint32_t number = atomic_get_relaxed(pair_bucket(e, local->port, remote->port));
	struct shm_addr l, r;

	for (uint32_t n = 0; n < e->arena->n_time_waits; n++) {
		struct shm_time_wait *w = valid(e, number);

		/* As in sock_tw_next(). */
		if (!w || w->since + TW_LONGEST_NS < now)
			break;
		number = w->older_pair;
		l = w->local;
		r = w->remote;
		if (!over(w, now) && l.port == local->port && r.port == remote->port &&
			sock_addr_same(&l, local) && sock_addr_same(&r, remote))
			return w;
	}
	return NULL;
}

void sock_tw_add(struct sock_env *e, const struct shm_time_wait *new)
{
	struct shm_addr local = new->local, remote = new->remote;
	struct shm_time_wait *w = sock_tw_find(e, &local, &remote, new->since);
	_Atomic uint32_t *b = bucket(e, local.port);
	_Atomic uint32_t *pair = pair_bucket(e, local.port, remote.port);
	uint32_t number;

	if (w) { /* of the same connection: told twice */
		w->until = new->until;
		w->flags = new->flags;
		return;
	}
	do {
		number = atomic_add(&e->arena->hdr->tw_last, 1) + 1;
	} while (number == 0);
	w = at(e, number);
	/* Nobody follows a link to it while it is written. */
	atomic_put_release(&w->number, 0);
	w->older = atomic_get_relaxed(b);
	w->older_pair = atomic_get_relaxed(pair);
	w->since = new->since;
	w->until = new->until;
	w->flags = new->flags;
	w->local = local;
	w->remote = remote;
	/* Pairs with the acquire in valid(). */
	atomic_put_release(&w->number, number);
	atomic_put_release(b, number);
	atomic_put_release(pair, number);
}

/* Linux's tcp_twsk_unique() with tcp_tw_reuse = 2: a new connection may have the
 * names at once if the user has named the port; else on loopback only, when they
 * have been waiting for a second (RFC 6191). */
bool sock_tw_reusable(const struct shm_time_wait *w, bool chosen, int64_t now)
{
	struct shm_addr l = w->local, r = w->remote;
	struct ip_addr li = sock_ip(&l), ri = sock_ip(&r);

	if (w->flags & TW_FIN_WAIT)
		return false;
	return !chosen || ((ip_addr_is_loopback(&li) || ip_addr_is_loopback(&ri)) &&
		now - w->since > TW_REUSE_NS);
}

/* --- whose it is ------------------------------------------------------------------- */

/* When s sent its FIN, or 0: by shutdown(), by the last close, or it is seen dead
 * only now. */
static int64_t fin_time(struct shm_sock *s, int64_t now)
{
	int64_t t = (int64_t)atomic_get_relaxed(&s->fin_at);

	if (t == 0)
		t = (int64_t)atomic_get_relaxed(&s->closed_at);
	return t ? t : now;
}

/* The same of the other end, 0 if it has sent none yet. */
static int64_t peer_fin_time(struct sock_env *e, struct shm_sock *s,
	struct shm_sock *p, uint32_t at, int64_t now)
{
	struct shm_fifo *rx = sock_rx(e, s);
	int64_t closed = (int64_t)atomic_get_relaxed(&p->closed_at);

	if (rx && atomic_get_acquire(&rx->fin) != SHM_FIN_NONE)
		return fin_time(p, now);
	if (closed == 0 || !(sock_flags(p) & SHM_F_MAYBE_CLOSED))
		return 0;
	/* Was it the last descriptor? It matters only if that was earlier. */
	if (closed > fin_time(s, now))
		return closed;
	return e->is_dead && e->is_dead(e->user, at) == 1 ? closed : 0;
}

bool sock_tw_released(struct sock_env *e, struct shm_sock *s, int64_t now)
{
	uint32_t flags = sock_flags(s), at;
	struct shm_fifo *rx = sock_rx(e, s);
	int64_t mine, theirs;
	struct shm_sock *p;

	if (flags & (SHM_F_PORT_GIVEN | SHM_F_REBOUND))
		return false;
	if (sock_state(s) == SHM_SOCK_DEAD)
		return true;
	if (atomic_get_relaxed(&s->via) == SHM_VIA_NET)
		return flags & SHM_F_ENDED_LAST;
	if (!(flags & SHM_F_WRSHUT) || sock_state(s) != SHM_SOCK_CONNECTED ||
		atomic_get_relaxed(&s->via) != SHM_VIA_LOCAL || !rx ||
		atomic_get_relaxed(&rx->fin) != SHM_FIN_EOF)
		return false;
	p = sock_local_peer(e, s, &at);
	mine = fin_time(s, now);
	theirs = p ? fin_time(p, now) : (int64_t)atomic_get_relaxed(
		&s->peer_fin_at);
	if (!(flags & SHM_F_ENDED_FIRST) && mine > theirs)
		return true; /* Linux: LAST_ACK, then CLOSE */
	return (mine > theirs ? mine : theirs) + TW_NS <= now;
}

/* s and its peer p are told which of them was first. */
static void decide(struct shm_sock *s, struct shm_sock *p, bool first)
{
	atomic_set_bits(&s->flags, first ? SHM_F_ENDED_FIRST : SHM_F_ENDED_LAST);
	if (p && p != s)
		atomic_set_bits(&p->flags,
			first ? SHM_F_ENDED_LAST : SHM_F_ENDED_FIRST);
}

static uint32_t tw_flags(const struct shm_sock *s)
{
	return (sock_has_opt(s, SHM_O_REUSEADDR) ? TW_REUSE : 0) |
		(sock_has_opt(s, SHM_O_REUSEPORT) ? TW_REUSEPORT : 0) |
		(sock_has_opt(s, SHM_O_V6ONLY) ? TW_V6ONLY : 0) |
		(s->family == IP_V6 ? TW_V6 : 0) |
		(sock_flags(s) & SHM_F_AUTOBOUND ? TW_AUTOBOUND : 0);
}

/* What is there of that name goes on as TIME-WAIT, or is over (until 0). */
static void touch(struct sock_env *e, const struct shm_addr *local,
	const struct shm_addr *remote, int64_t until)
{
	struct shm_time_wait *w;

	if (!sock_tw_lock(e))
		return;
	w = sock_tw_find(e, local, remote, sock_now(e));
	if (w && until == 0)
		w->flags |= TW_DEAD;
	else if (w) {
		w->until = until;
		w->flags &= ~(uint32_t)TW_FIN_WAIT;
	}
	sock_tw_unlock(e);
}

/* The one who was last, or who reset: what the first has left goes on from until -
 * TW_NS, or is over (0). */
static void touch_peer(struct sock_env *e, const struct shm_sock *s, int64_t until)
{
	struct shm_addr local = s->local, remote = s->remote;

	touch(e, &remote, &local, until);
}

/* How long FIN-WAIT-2 lasts that nobody has a descriptor of: TCP_LINGER2; less than 0
 * is not at all (Linux: tcp_close()). */
static int64_t fin_wait_time(const struct shm_sock *s)
{
	int64_t ns = (int32_t)sock_once(&s->opts.linger2_s) * INT64_C(1000000000);

	return ns < 0 ? 0 : ns < TW_FIN_WAIT_MAX_NS ? ns : TW_FIN_WAIT_MAX_NS;
}

void sock_tw_reset(struct sock_env *e, struct shm_sock *s)
{
	uint32_t at;
	struct shm_sock *p = sock_local_peer(e, s, &at);

	if (p && p != s)
		atomic_set_bits(&p->flags, SHM_F_ENDED_LAST); /* leaves nothing */
	if (e->now)
		touch_peer(e, s, 0);
}

void sock_tw_leave(struct sock_env *e, uint32_t i, struct shm_sock *s, bool reset)
{
	int64_t now = sock_now(e), mine, theirs = 0;
	struct shm_time_wait w = { .flags = tw_flags(s) };
	uint32_t flags = sock_flags(s), state = sock_state(s), at = 0;
	struct shm_sock *p;
	bool first;

	if (!e->now || !sock_is_stream(s) ||
		!(flags & SHM_F_BOUND) ||
		(state != SHM_SOCK_CONNECTED && state != SHM_SOCK_CONNECTING))
		return;
	if (atomic_get_relaxed(&s->via) == SHM_VIA_NET) {
		struct shm_fifo *rx = sock_rx(e, s);

		/* Its TCP has not let go yet: it will say for how long. */
		if (state == SHM_SOCK_CONNECTED && !reset && rx &&
			!(flags & (SHM_F_EMBRYO | SHM_F_ENDED_LAST |
				SHM_F_ENDED_FIRST)) &&
			atomic_get_relaxed(&rx->fin) == SHM_FIN_NONE)
			sock_left_behind(e, i, SOCK_LEFT_TIME_WAIT);
		return;
	}
	if (atomic_get_relaxed(&s->via) != SHM_VIA_LOCAL)
		return;
	/* A listener resets whom it never accepted. */
	if (reset || (flags & SHM_F_EMBRYO)) {
		sock_tw_reset(e, s);
		return;
	}
	p = sock_local_peer(e, s, &at);
	/* Killed in connect(): whoever accepts, or has accepted, is the last. */
	if (state == SHM_SOCK_CONNECTING &&
		(!p || p == s || (sock_flags(p) & SHM_F_EMBRYO))) {
		if (p && p != s)
			decide(s, p, true);
		return;
	}
	mine = fin_time(s, now);
	if (p && p != s)
		theirs = peer_fin_time(e, s, p, at, now);
	if (!(flags & (SHM_F_ENDED_FIRST | SHM_F_ENDED_LAST)))
		decide(s, p, theirs == 0 || mine <= theirs);
	first = !(sock_flags(s) & SHM_F_ENDED_LAST);
	if (!first) {
		if (p && p != s)
			atomic_put_relaxed(&p->peer_fin_at, (uint64_t)mine);
		touch_peer(e, s, mine + TW_NS);
		return;
	}
	if (theirs == 0)
		theirs = (int64_t)atomic_get_relaxed(&s->peer_fin_at);
	if (theirs == 0 && p && p != s)
		w.flags |= TW_FIN_WAIT; /* Linux waits for the other as long */
	w.since = theirs > mine ? theirs : mine;
	w.until = w.since + (w.flags & TW_FIN_WAIT ? fin_wait_time(s) : TW_NS);
	w.local = s->local;
	w.remote = s->remote;
	if (w.until <= now || !sock_tw_lock(e))
		return;
	sock_tw_add(e, &w);
	sock_tw_unlock(e);
}

void sock_left_behind(struct sock_env *e, uint32_t i, enum sock_left what)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_time_wait w = { 0 };

	if (!s)
		return;
	atomic_set_bits(&s->flags,
		what != SOCK_LEFT_NOTHING ? SHM_F_ENDED_FIRST : SHM_F_ENDED_LAST);
	if (!e->now)
		return;
	w.local = s->local;
	w.remote = s->remote;
	if (what == SOCK_LEFT_NOTHING) { /* it may have been thought to leave something */
		sock_left_changed(e, &w.local, &w.remote, what);
		return;
	}
	w.flags = tw_flags(s) | (what == SOCK_LEFT_FIN_WAIT_2 ? TW_FIN_WAIT : 0);
	w.since = sock_now(e);
	w.until = w.since + (what == SOCK_LEFT_FIN_WAIT_2 ? fin_wait_time(s) : TW_NS);
	if (!sock_tw_lock(e))
		return;
	sock_tw_add(e, &w);
	sock_tw_unlock(e);
}

void sock_left_changed(struct sock_env *e, const struct shm_addr *local,
	const struct shm_addr *remote, enum sock_left what)
{
	if (e->now && what != SOCK_LEFT_FIN_WAIT_2)
		touch(e, local, remote, what == SOCK_LEFT_NOTHING ? 0 :
			sock_now(e) + TW_NS);
}

bool sock_time_wait_at(const struct sock_env *e, uint32_t k, struct sock_time_wait *out)
{
	const struct shm_time_wait *w = &e->arena->time_waits[k];
	int64_t now = sock_now(e);

	if (k >= e->arena->n_time_waits)
		return false;
	/* A look from aside: relaxed. */
	*out = (struct sock_time_wait){
		.there = atomic_get_relaxed(&((struct shm_time_wait *)(uintptr_t)w)->number)
			&& !over(w, now),
		.local = w->local, .remote = w->remote,
		.fin_wait = w->flags & TW_FIN_WAIT, .v6 = w->flags & TW_V6,
		.left_ns = w->until - now };
	return true;
}
