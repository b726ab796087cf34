/* A datagram that grows: MSG_MORE and UDP_CORK (Linux: up->pending). It lies in a
 * fifo of its own, whose tail says how much there is:
 *
 *	struct shm_msg with destination and options of the first call | payload
 *
 * All under s->lock. Bytes count when the tail is published: who dies before that
 * leaves what was there.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "dgram.h"

#define CORK_BYTES (1u << 17) /* a header and the longest datagram */
#define HEAD ((uint32_t)sizeof(struct shm_msg))

static struct shm_fifo *cork_of(const struct sock_env *e, const struct shm_sock *s,
	uint32_t *i)
{
	/* Pairs with the store in open_cork(). */
	*i = atomic_get_acquire(&((struct shm_sock *)s)->cork);
	return *i ? shm_fifo_at(e->arena, *i) : NULL;
}

/* Bytes gathered so far, the header included. */
static uint32_t gathered(struct shm_fifo *f)
{
	uint32_t n = atomic_get_acquire(&f->sh.tail);

	return n < CORK_BYTES ? n : 0;
}

bool dgram_corked(const struct shm_sock *s)
{
	return atomic_get_relaxed(&((struct shm_sock *)s)->cork_open) != 0;
}

void dgram_cork_drop(struct sock_env *e, struct shm_sock *s)
{
	uint32_t i;
	struct shm_fifo *f = cork_of(e, s, &i);

	atomic_put_relaxed(&s->cork_open, 0); /* s->lock orders it */
	if (f)
		atomic_put_release(&f->sh.tail, 0);
}

static struct shm_fifo *open_cork(struct sock_env *e, struct shm_sock *s,
	uint32_t *i)
{
	struct shm_fifo *f = cork_of(e, s, i);

	if (f)
		return f;
	*i = shm_fifo_take(e->arena, CORK_BYTES);
	if (*i == 0)
		return NULL;
	atomic_put_release(&s->cork, *i);
	return shm_fifo_at(e->arena, *i);
}

/* A writer whose zero is the ring's: what was there is forgotten. */
static int begin(struct sock_env *e, const struct outgoing *o, struct shm_sock *s)
{
	struct fifo_end w;
	struct shm_fifo *f;
	uint32_t i;

	f = open_cork(e, s, &i);
	if (!f)
		return -ENOBUFS;
	atomic_put_release(&f->sh.head, 0);
	atomic_put_release(&f->sh.tail, 0);
	if (shm_fifo_writer(e->arena, i, &w) < 0 || w.size < CORK_BYTES)
		return -ENOBUFS;
	fifo_poke(&w, 0, &o->m, HEAD);
	fifo_publish(&w, HEAD);
	atomic_put_relaxed(&s->cork_open, o->connected ? 2 : 1);
	return 0;
}

/* The most that one datagram has: Linux's ip_append_data() counts the options of the
 * first call. */
static uint32_t most(const struct sock_env *e, const struct shm_sock *s, uint32_t i)
{
	struct shm_addr local = s->local;
	struct fifo_end r;
	struct shm_msg m;

	if (local.family == IP_V6)
		return SOCK_UDP6_MAX;
	if (shm_fifo_reader(e->arena, i, &r) < 0 || fifo_reader_used(&r) < HEAD)
		return 0;
	fifo_peek(&r, 0, &m, HEAD);
	return SOCK_UDP4_MAX - m.optlen;
}

int dgram_cork(struct sock_env *e, const struct outgoing *o, struct shm_sock *s,
	const struct span *payload, unsigned n, size_t total)
{
	struct fifo_end w;
	struct shm_fifo *f;
	uint32_t i, used, at = 0, max;

	if (!dgram_corked(s)) {
		int r = begin(e, o, s);

		if (r < 0)
			return r;
	}
	f = cork_of(e, s, &i);
	if (!f || shm_fifo_writer(e->arena, i, &w) < 0)
		return -ENOBUFS;
	used = gathered(f);
	max = most(e, s, i);
	if (used < HEAD || used - HEAD + total > max) {
		dgram_cork_drop(e, s);
		return -EMSGSIZE;
	}
	for (unsigned k = 0; k < n; at += (uint32_t)payload[k].len, k++)
		fifo_poke(&w, at, payload[k].base, (uint32_t)payload[k].len);
	fifo_publish(&w, (uint32_t)total);
	return 0;
}

int dgram_uncork(struct sock_env *e, uint32_t i, struct shm_sock *s,
	struct sock_effect *fx)
{
	struct outgoing o = { .i = i, .s = s };
	struct fifo_end r;
	struct shm_fifo *f;
	struct span payload;
	uint32_t at, used;

	if (!dgram_corked(s))
		return 0;
	o.connected = atomic_get_relaxed(&s->cork_open) == 2;
	f = cork_of(e, s, &at);
	used = f ? gathered(f) : 0;
	if (used < HEAD || shm_fifo_reader(e->arena, at, &r) < 0 ||
		r.size < CORK_BYTES) {
		dgram_cork_drop(e, s);
		return -ENOBUFS;
	}
	fifo_peek(&r, 0, &o.m, HEAD);
	o.m.len = used - HEAD;
	o.kind = sock_addr_kind(e, &o.m.dst);
	o.way.ifindex = o.m.ifindex;
	payload = (struct span){ r.data + HEAD, o.m.len };
	used = (uint32_t)dgram_out(e, &o, &payload, 1, fx);
	dgram_cork_drop(e, s);
	return (int)used;
}
