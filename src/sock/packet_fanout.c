/* Packet sockets that share the work (PACKET_FANOUT): of a group each frame goes to one.
 * Linux's fanout_add(), packet_rcv_fanout(), fanout_demux_*(). There is no list of
 * groups: each member's page has the group's mode and number, and its place in it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <string.h>

#include "base/cursor.h"
#include "options.h"
#include "packet.h"

#define FLAGS_KNOWN (PACKET_FANOUT_FLAG_ROLLOVER | PACKET_FANOUT_FLAG_UNIQUEID)
#define MEMBERS_MAX 64 /* who may see one frame */
#define ID_MASK 0xffffu

/* --- joining --------------------------------------------------------------------- */

/* p->fanout: id, mode << 16, flags << 24, and this bit, that no group is 0. */
#define IN_GROUP (1u << 23)

static uint32_t group_of(const struct shm_packet *p)
{
	return sock_once(&p->fanout);
}

uint32_t packet_fanout_told(const struct shm_packet *p)
{
	return group_of(p) & ~IN_GROUP;
}

static unsigned mode_of(uint32_t group)
{
	return group >> 16 & 0x7f;
}

bool packet_fanout_left(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);

	return !s || ((sock_flags(s) & SHM_F_MAYBE_CLOSED) &&
		sock_record_dead(e, i, atomic_get_acquire(&s->gen)));
}

struct search {
	uint32_t members[MEMBERS_MAX];
	unsigned n;
};

/* All members but `self` of the group with that number. */
static void find_members(struct sock_env *e, uint32_t id, uint32_t self,
	struct search *out)
{
	uint32_t all[MEMBERS_MAX];
	unsigned n = sock_port_packets(e, all, MEMBERS_MAX);

	out->n = 0;
	for (unsigned k = 0; k < n; k++) {
		const struct shm_sock *s = sock_live(e, all[k]);
		const struct shm_packet *p = s ? packet_page(e, s) : NULL;

		if (p && all[k] != self && group_of(p) &&
			(group_of(p) & ID_MASK) == id && !packet_fanout_left(e, all[k]))
			out->members[out->n++] = all[k];
	}
}

/* PACKET_FANOUT_FLAG_UNIQUEID: a number that no group has. */
static int32_t unused_id(struct sock_env *e)
{
	struct search s;

	for (uint32_t id = 0; id <= ID_MASK; id++) {
		find_members(e, id, 0, &s);
		if (s.n == 0)
			return (int32_t)id;
	}
	return -ENOMEM;
}

static bool mode_known(unsigned mode, unsigned flags)
{
	if (flags & ~(unsigned)FLAGS_KNOWN)
		return false;
	if (mode == PACKET_FANOUT_ROLLOVER)
		return !(flags & PACKET_FANOUT_FLAG_ROLLOVER);
	return mode <= PACKET_FANOUT_QM;
}

/* May p join these, whose mode and flags are `group`? The next place in *turn. */
static int join(struct sock_env *e, const struct shm_packet *p, uint32_t group,
	const struct search *others, uint32_t *turn)
{
	for (unsigned k = 0; k < others->n; k++) {
		const struct shm_sock *s = sock_live(e, others->members[k]);
		const struct shm_packet *o = s ? packet_page(e, s) : NULL;

		if (!o)
			continue;
		if (group_of(o) != group ||
			atomic_get_relaxed(&o->bound) != atomic_get_relaxed(&p->bound) ||
			atomic_get_relaxed(&o->protocol) !=
				atomic_get_relaxed(&p->protocol))
			return -EINVAL;
		if (sock_once(&o->fanout_place) >= *turn)
			*turn = sock_once(&o->fanout_place) + 1;
	}
	return others->n < MEMBERS_MAX - 1 ? 0 : -ENOSPC;
}

int packet_fanout_set(struct sock_env *e, uint32_t i, struct shm_packet *p,
	const void *val, socklen_t len)
{
	uint32_t v, flags, group, turn = 0;
	struct search others;
	int32_t id;
	int r;

	if (len != sizeof(v) && len != 2 * sizeof(v)) /* struct fanout_args */
		return -EINVAL;
	memcpy(&v, val, sizeof(v));
	flags = v >> 16 & 0xff00;
	if (!mode_known(v >> 16 & 0xff, flags))
		return -EINVAL;
	if (group_of(p))
		return -EALREADY;
	if (atomic_get_relaxed(&p->protocol) == 0)
		return -EINVAL; /* Linux: it is not running */
	id = (int32_t)(v & ID_MASK);
	if (flags & PACKET_FANOUT_FLAG_UNIQUEID) {
		id = id ? -EINVAL : unused_id(e);
		flags &= ~(uint32_t)PACKET_FANOUT_FLAG_UNIQUEID;
		if (id < 0)
			return id;
	}
	group = (uint32_t)id | (v & 0xff0000) | flags << 16 | IN_GROUP;
	find_members(e, (uint32_t)id, i, &others);
	r = join(e, p, group, &others, &turn);
	if (r < 0)
		return r;
	p->fanout_place = turn;
	atomic_word_put(&p->fanout, group);
	return 0;
}

/* --- who gets it ----------------------------------------------------------------- */

/* The same for both directions of a conversation, as skb_get_hash_symmetric(). */
static uint32_t hash_of(const struct sock_frame *f)
{
	uint8_t b[60] = { 0 };
	uint32_t h = f->protocol, at, len;
	unsigned proto;

	len = packet_copy(f, PACKET_ETH_HEADER, b, sizeof(b));
	if (f->protocol == 0x0800 && len >= 20) {
		at = (b[0] & 15u) * 4;
		proto = get_be16(b + 6) & 0x3fff ? 0 : b[9]; /* a fragment has no ports */
		h ^= get_be32(b + 12) ^ get_be32(b + 16) ^ b[9];
	} else if (f->protocol == 0x86dd && len >= 40) {
		at = 40;
		proto = b[6];
		for (unsigned k = 8; k < 40; k += 4)
			h ^= get_be32(b + k);
	} else {
		return h;
	}
	if ((proto == IPPROTO_TCP || proto == IPPROTO_UDP) && at + 4 <= len)
		h ^= (uint32_t)(get_be16(b + at) ^ get_be16(b + at + 2)) << 8;
	h *= 0x9e3779b1u; /* 2^32 divided by the golden ratio */
	return h ^ h >> 15;
}

static struct shm_packet *page_at(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);

	return s ? packet_page(e, s) : NULL;
}

static bool has_room(struct sock_env *e, uint32_t i)
{
	const struct shm_sock *s = sock_live(e, i);
	const struct shm_packet *p = s ? packet_page(e, s) : NULL;
	struct shm_fifo *rx = p ? sock_rx(e, s) : NULL;

	if (!rx || packet_has_ring(p))
		return p != NULL;
	/* Linux: packet_rcv_has_room(), an approximation. */
	return atomic_get_relaxed(&rx->sh.tail) - atomic_get_relaxed(&rx->sh.head) <
		sock_once(&s->opts.rcvbuf);
}

static unsigned choose(struct sock_env *e, const struct sock_frame *f,
	struct shm_packet *first, unsigned n)
{
	switch (mode_of(group_of(first))) {
	case PACKET_FANOUT_HASH:
		return (unsigned)((uint64_t)hash_of(f) * n >> 32);
	case PACKET_FANOUT_LB:
		return ++first->fanout_turn % n; /* only the service counts */
	case PACKET_FANOUT_RND:
		return e->random(e->user) % n;
	default:
		return 0; /* one processor, one queue; ROLLOVER begins there */
	}
}

uint32_t packet_fanout_pick(struct sock_env *e, const struct sock_frame *f,
	uint32_t *members, unsigned n)
{
	struct shm_packet *first;
	unsigned at;
	uint32_t group;

	/* By their places, as they came. */
	for (unsigned k = 1; k < n; k++) {
		for (unsigned j = k; j > 0; j--) {
			const struct shm_packet *a = page_at(e, members[j - 1]);
			const struct shm_packet *b = page_at(e, members[j]);
			uint32_t x = members[j];

			if (!a || !b || a->fanout_place <= b->fanout_place)
				break;
			members[j] = members[j - 1];
			members[j - 1] = x;
		}
	}
	first = page_at(e, members[0]);
	if (!first)
		return 0;
	group = group_of(first);
	at = choose(e, f, first, n);
	if (mode_of(group) == PACKET_FANOUT_ROLLOVER ||
		(group >> 16 & PACKET_FANOUT_FLAG_ROLLOVER)) {
		for (unsigned k = 0; k < n; k++) {
			if (has_room(e, members[(at + k) % n]))
				return members[(at + k) % n];
		}
	}
	return members[at];
}
