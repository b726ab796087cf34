/* Which sockets an inet_diag request means: all that fit, or one by its names. What
 * closed connections have left is told of with the rest.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <netinet/tcp.h>

#include "sockdiag.h"

#define NO_COOKIE INET_DIAG_NOCOOKIE

/* Of a list: Linux tells listeners first. */
enum { PHASE_LISTENERS, PHASE_OTHERS, PHASE_LEFT, PHASES };

bool sockdiag_inet_knows(uint32_t protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP ||
		protocol == IPPROTO_UDPLITE || protocol == IPPROTO_RAW;
}

static bool of_protocol(const struct shm_sock *s, uint32_t protocol)
{
	if (protocol == IPPROTO_RAW)
		return s->type == SOCK_RAW;
	return s->type == (protocol == IPPROTO_TCP ? SOCK_STREAM : SOCK_DGRAM) &&
		s->protocol == protocol;
}

/* Nobody need have noticed that it was closed: then it leaves now what it leaves. One to
 * another host is there until the service's TCP has done with it. */
static bool was_closed(uint32_t i, struct shm_sock *s)
{
	if (!(atomic_get_relaxed(&s->flags) & SHM_F_MAYBE_CLOSED) ||
		(atomic_get_relaxed(&s->flags) & SHM_F_EMBRYO) ||
		atomic_get_relaxed(&s->via) == SHM_VIA_NET ||
		standin_is_dead(NULL, i) != 1)
		return false;
	sock_forget(&cl.env, i);
	return true;
}

static bool is_there(uint32_t i, uint32_t protocol)
{
	struct shm_sock *s = shm_sock_at(&cl.arena, i);

	return s && atomic_get_relaxed(&s->state) != SHM_SOCK_FREE &&
		of_protocol(s, protocol) && !was_closed(i, s);
}

static bool cookie_fits(const struct sockdiag_want *w, const struct inet_diag_msg *m)
{
	const __u32 *c = w->id.idiag_cookie;

	return (c[0] == NO_COOKIE && c[1] == NO_COOKIE) ||
		(c[0] == m->id.idiag_cookie[0] && c[1] == m->id.idiag_cookie[1]);
}

/* --- lists -------------------------------------------------------------------------- */

/* In a list addresses do not count: that is what filters are for. */
static bool fits(const struct sockdiag_want *w, const struct inet_diag_msg *m,
	const struct shm_sock *s)
{
	struct sockdiag_entry e = { .m = m };

	if (w->family != m->idiag_family)
		return false;
	if (w->id.idiag_sport && w->id.idiag_sport != m->id.idiag_sport)
		return false;
	if (w->id.idiag_dport && w->id.idiag_dport != m->id.idiag_dport)
		return false;
	if (s) {
		e.port_given = atomic_get_relaxed(&((struct shm_sock *)(uintptr_t)s)->flags) &
			SHM_F_PORT_GIVEN;
		e.mark = s->opts.mark;
	}
	return !w->code || sockdiag_code_run(w->code, w->code_len, &e);
}

/* A stream that has a name and nothing else has no bit in what was wanted before. */
static unsigned state_bit(const struct inet_diag_msg *m, bool stream)
{
	return stream && m->idiag_state == TCP_CLOSE ? SOCKDIAG_BOUND_INACTIVE :
						       m->idiag_state;
}

static bool tell_records(struct rtnl_out *o, const struct sockdiag_want *w,
	struct sockdiag_at *at, unsigned *room)
{
	uint32_t n = atomic_get_relaxed(&cl.arena.hdr->socks.fresh);
	bool stream = w->protocol == IPPROTO_TCP;
	struct inet_diag_msg m;

	for (; at->next < n && at->next < cl.arena.n_socks; at->next++) {
		if (!is_there(at->next, w->protocol) || !sockdiag_names(at->next, &m))
			continue;
		if (stream && (at->phase == PHASE_LISTENERS) !=
				(m.idiag_state == TCP_LISTEN || m.idiag_state == TCP_CLOSE))
			continue;
		if (!(w->states & 1u << state_bit(&m, stream)) ||
			!fits(w, &m, shm_sock_at(&cl.arena, at->next)))
			continue;
		if (*room == 0)
			return false;
		*room -= sockdiag_put(o, w, at->next, &m);
	}
	return true;
}

/* Linux: inet_twsk_diag_fill(). */
static void put_left(struct rtnl_out *o, const struct sockdiag_want *w,
	struct inet_diag_msg *m, const struct sock_time_wait *t)
{
	int64_t ms = t->left_ns / NS_PER_MS;

	m->idiag_timer = 3;
	m->idiag_expires = ms > 0 ? (uint32_t)ms : 0;
	rtnl_end(o, rtnl_begin(o, w->type, m, sizeof(*m)));
}

static bool left_at(uint32_t k, struct inet_diag_msg *m, struct sock_time_wait *t)
{
	*m = (struct inet_diag_msg){ 0 };
	if (!sock_time_wait_at(&cl.env, k, t))
		return false;
	m->idiag_family = t->v6 ? AF_INET6 : AF_INET;
	m->idiag_state = t->fin_wait ? TCP_FIN_WAIT2 : TCP_TIME_WAIT;
	m->id.idiag_sport = htons(t->local.port);
	m->id.idiag_dport = htons(t->remote.port);
	sockdiag_address(&t->local, t->v6, m->id.idiag_src);
	sockdiag_address(&t->remote, t->v6, m->id.idiag_dst);
	m->id.idiag_if = t->local.scope;
	m->id.idiag_cookie[0] = k + 1;
	m->id.idiag_cookie[1] = UINT32_C(1) << 30; /* no stand-in's */
	return true;
}

static bool tell_left(struct rtnl_out *o, const struct sockdiag_want *w,
	struct sockdiag_at *at, unsigned *room)
{
	struct sock_time_wait t;
	struct inet_diag_msg m;

	for (; left_at(at->next, &m, &t); at->next++) {
		if (!t.there || !(w->states & 1u << m.idiag_state) || !fits(w, &m, NULL))
			continue;
		if (*room == 0)
			return false;
		put_left(o, w, &m, &t);
		--*room;
	}
	return true;
}

bool sockdiag_inet_dump(struct rtnl_out *o, const struct sockdiag_want *w,
	struct sockdiag_at *at)
{
	unsigned room = SOCKDIAG_PIECE;

	o->flags = NLM_F_MULTI;
	for (; at->phase < PHASES; at->phase++, at->next = 0) {
		bool all = true;

		if (at->phase == PHASE_LEFT)
			all = w->protocol != IPPROTO_TCP || tell_left(o, w, at, &room);
		else if (at->phase == PHASE_OTHERS || w->protocol == IPPROTO_TCP)
			all = tell_records(o, w, at, &room);
		if (!all)
			return true;
	}
	rtnl_done(o, true, 0);
	return false;
}

/* --- one ------------------------------------------------------------------------------ */

static struct shm_addr named(uint8_t family, const __be32 *address, __be16 port)
{
	struct ip_addr ip = ip_addr_from(family == AF_INET ? IP_V4 : IP_V6, address);
	struct shm_addr a = { .port = ntohs(port) };

	if (ip_addr_is_mapped(&ip))
		ip = ip_addr_unmap(&ip);
	a.family = ip.family;
	memcpy(a.b, ip.b, sizeof(a.b));
	return a;
}

static bool same_id(const struct inet_diag_msg *m, const struct inet_diag_sockid *id)
{
	return m->id.idiag_sport == id->idiag_sport && m->id.idiag_dport == id->idiag_dport &&
		memcmp(m->id.idiag_src, id->idiag_src, sizeof(id->idiag_src)) == 0 &&
		memcmp(m->id.idiag_dst, id->idiag_dst, sizeof(id->idiag_dst)) == 0;
}

static bool mapped_or_v4(const __be32 *a)
{
	return a[0] == 0 && a[1] == 0 && a[2] == htonl(0xffff);
}

/* Linux finds a socket of either family by its IPv4 addresses: they are compared as
 * IPv4's, that the one is mapped. */
static void plain(struct inet_diag_sockid *id, bool v4)
{
	__be32 *address[] = { id->idiag_src, id->idiag_dst };

	for (int k = 0; k < 2; k++) {
		__be32 *a = address[k];

		if (!v4 && mapped_or_v4(a))
			a[0] = a[3];
		if (v4 || mapped_or_v4(a))
			a[1] = a[2] = a[3] = 0;
	}
}

static uint32_t find_connected(const struct sockdiag_want *w)
{
	uint32_t n = atomic_get_relaxed(&cl.arena.hdr->socks.fresh);
	struct inet_diag_sockid want = w->id;
	struct inet_diag_msg m;

	plain(&want, w->family == AF_INET);
	for (uint32_t i = 1; i < n && i < cl.arena.n_socks; i++) {
		if (!is_there(i, IPPROTO_TCP) || !sockdiag_names(i, &m) ||
			m.idiag_state == TCP_LISTEN || m.idiag_state == TCP_CLOSE)
			continue;
		plain(&m.id, m.idiag_family == AF_INET);
		if (same_id(&m, &want))
			return i;
	}
	return 0;
}

static int one_left(struct rtnl_out *o, const struct sockdiag_want *w)
{
	struct sock_time_wait t;
	struct inet_diag_msg m;

	for (uint32_t k = 0; left_at(k, &m, &t); k++) {
		if (t.there && m.idiag_family == w->family && same_id(&m, &w->id) &&
			cookie_fits(w, &m)) {
			put_left(o, w, &m, &t);
			return 1;
		}
	}
	return -ENOENT;
}

static uint32_t find(const struct sockdiag_want *w)
{
	struct shm_addr local = named(w->family, w->id.idiag_src, w->id.idiag_sport);
	struct shm_addr remote = named(w->family, w->id.idiag_dst, w->id.idiag_dport);
	uint32_t i = 0;

	switch (w->protocol) {
	case IPPROTO_TCP:
		i = w->id.idiag_dport ? find_connected(w) : 0;
		return i ? i : sock_find_listener(&cl.env, &local, &remote, w->id.idiag_if);
	case IPPROTO_RAW:
		return sock_find_raw(&cl.env, w->raw_protocol, &local, &remote,
			w->id.idiag_if, &i, 1) ? i : 0;
	default:
		return sock_find_dgram_on(&cl.env, (int)w->protocol, &local, &remote,
			w->id.idiag_if);
	}
}

/* Linux: asked for a UDP socket, its own name is where the other's should be ("swapped
 * for historical reasons"). */
static struct sockdiag_want turned(const struct sockdiag_want *w)
{
	struct sockdiag_want t = *w;

	t.id.idiag_sport = w->id.idiag_dport;
	t.id.idiag_dport = w->id.idiag_sport;
	memcpy(t.id.idiag_src, w->id.idiag_dst, sizeof(t.id.idiag_src));
	memcpy(t.id.idiag_dst, w->id.idiag_src, sizeof(t.id.idiag_dst));
	return t;
}

int sockdiag_inet_one(struct rtnl_out *o, const struct sockdiag_want *w)
{
	bool udp = w->protocol == IPPROTO_UDP || w->protocol == IPPROTO_UDPLITE;
	struct sockdiag_want t = udp ? turned(w) : *w;
	struct inet_diag_msg m;
	uint32_t i = find(&t);

	o->flags = 0;
	if (i == 0 || !sockdiag_names(i, &m))
		return w->protocol == IPPROTO_TCP ? one_left(o, w) : -ENOENT;
	if (!cookie_fits(w, &m))
		return -ENOENT;
	return sockdiag_put(o, w, i, &m) ? 1 : -ENOENT;
}
