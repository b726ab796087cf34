/* How much a stream takes.
 *
 * Within the host the ring's limit counts in bytes. To another host Linux counts
 * what the bytes lie in (skbs, each with its own cost), looks at the limit only when
 * it begins a new one, and fills that whatever the limit says; TCP_NOTSENT_LOWAT
 * likewise. So a write takes up to a piece more than the buffer. The service tells
 * where its pieces end (struct shm_fifo: goal, told, edge); any mixture of old and new
 * words only moves the limit.
 *
 *     head        edge                  told        + goal      + goal
 *      |== sent ==|== tail piece, filled up ==|== while there is room ==|
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include "room.h"
#include "hold.h"

#define PIECE_COST 832u /* bytes beside those in it, Linux 6.18 on x86-64 */

static uint32_t lowat_of(const struct sock_env *e, const struct shm_sock *s)
{
	uint32_t own = sock_once(&s->opts.notsent_lowat);

	return own ? own : e->arena->hdr->sysctl.tcp_notsent_lowat;
}

static uint32_t not_sent(uint32_t edge, uint32_t at)
{
	int32_t n = (int32_t)(at - edge);

	return n > 0 ? (uint32_t)n : 0;
}

/* What so many bytes count in Linux. */
static uint64_t cost(uint32_t bytes, uint32_t goal)
{
	return bytes + (uint64_t)PIECE_COST * ((bytes + goal - 1) / goal);
}

uint32_t room_limit(const struct sock_env *e, const struct shm_sock *s,
	struct shm_fifo *f, const struct fifo_end *w)
{
	/* Relaxed: figures, each good by itself. */
	uint32_t limit = atomic_get_relaxed(&f->limit);
	uint32_t goal = atomic_get_relaxed(&f->goal);
	uint32_t edge = atomic_get_relaxed(&f->edge);
	uint32_t full = atomic_get_relaxed(&f->told), lowat;
	int64_t used = fifo_writer_used(w);
	uint32_t head, at = w->own;

	if (goal == 0 || used < 0)
		return limit;
	lowat = lowat_of(e, s);
	head = at - (uint32_t)used;
	if (not_sent(edge, at) && full - at <= goal)
		at = full;
	while (at - head < w->size && cost(at - head, goal) < limit &&
		not_sent(edge, at) < lowat)
		at = (not_sent(edge, at) ? at : edge) + goal;
	return at - head < w->size ? at - head : w->size;
}

bool room_is_writable(const struct sock_env *e, const struct shm_sock *s,
	struct shm_fifo *f)
{
	uint32_t limit = atomic_get_relaxed(&f->limit);
	uint32_t goal = atomic_get_relaxed(&f->goal), tail;
	/* Acquire: pairs with the release of head and tail in base/fifo. Head first,
	 * so that it never seems to be ahead. */
	uint32_t head = atomic_get_acquire(&f->sh.head);

	tail = atomic_get_acquire(&f->sh.tail) + hold_bytes(f);
	/* At least a third is free (Linux: sk_stream_is_writeable()). */
	if (goal == 0)
		return tail - head <= limit - limit / 3;
	return cost(tail - head, goal) <= limit - limit / 3 &&
		2ull * not_sent(atomic_get_relaxed(&f->edge), tail) <
			lowat_of(e, s);
}

bool room_came(struct shm_fifo *f, const struct fifo_end *r)
{
	uint32_t limit = atomic_get_relaxed(&f->limit);
	int64_t used;

	/* Pairs with the writer's nospace, fence, look at head. */
	atomic_full_fence();
	if (atomic_get_relaxed(&f->nospace) == 0)
		return false;
	used = fifo_reader_used(r);
	if (limit > r->size)
		limit = r->size;
	/* Linux: sk_stream_is_writeable(), a third is free. */
	if (used >= 0 && (uint64_t)used + limit / 3 > limit)
		return false;
	return atomic_swap(&f->nospace, 0) != 0;
}
