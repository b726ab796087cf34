/* When the bytes of a stream were sent, and acknowledged (SO_TIMESTAMPING), by the error
 * queue. Linux marks the last byte of each write (tcp_tx_timestamp()).
 *
 * Within the host a write is sent and acknowledged at once, as on Linux's lo. To another
 * host each write leaves a mark behind, in a queue of messages beside the fifo:
 *
 *	marks   |= told as sent, not acknowledged =|= not sent yet =|
 *
 * which the service goes through whenever TCP has moved. A mark says in
 *	drops	the count of tx behind the write's last byte
 *	info	what was asked: SOCK_TX_TIMES; 0: nothing
 *	data	the number to be told (SOF_TIMESTAMPING_OPT_ID)
 *	type	1: more follows (MSG_MORE), so that the next write's mark is put in its place
 * and has the bytes that the report gives back.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <time.h>

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>

#include "hold.h"
#include "inside.h"
#include "sock/report.h"
#include "wishes.h"

#define COPY_MAX 4096 /* bytes of a copy that the error queue returns */
#define COPY_PIECES 8
#define QUEUE_BYTES (1u << 16)

static const struct {
	uint32_t flag, info;
} kinds[] = { { SOCK_TX_SCHED, SCM_TSTAMP_SCHED }, { SOCK_TX_STAMPS, SCM_TSTAMP_SND },
	{ SOCK_TX_ACK, SCM_TSTAMP_ACK } };

/* The last bytes of what was sent, as spans. Returns their number; *len: bytes. */
static unsigned last_bytes(const struct iovec *iov, int n, size_t sent,
	struct span *out, uint32_t *len)
{
	size_t skip = sent > COPY_MAX ? sent - COPY_MAX : 0;
	unsigned used = 0;

	*len = 0;
	for (int k = 0; k < n && sent > 0 && used < COPY_PIECES; k++) {
		size_t some = iov[k].iov_len < sent ? iov[k].iov_len : sent;
		size_t hop = skip < some ? skip : some;

		sent -= some;
		skip -= hop;
		if (some == hop)
			continue;
		out[used++] = (struct span){ (const uint8_t *)iov[k].iov_base + hop,
			some - hop };
		*len += (uint32_t)(some - hop);
	}
	return used;
}

/* One report of each of these kinds. True: ring. */
static bool report(struct sock_env *e, uint32_t i, const struct shm_msg *mark, uint32_t asked,
	const struct span *copy, unsigned pieces)
{
	struct shm_msg m = { .err = ENOMSG, .origin = SO_EE_ORIGIN_TIMESTAMPING,
		.len = mark->len, .data = mark->data,
		.time_ns = e->wall_ns ? e->wall_ns(e->user) : 0 };
	bool told = false;

	for (unsigned k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		m.info = kinds[k].info;
		if (asked & kinds[k].flag)
			told |= sock_report_put(e, i, &m, copy, pieces);
	}
	return told;
}

/* --- programs ------------------------------------------------------------------------ */

static struct shm_fifo *marks_of(struct sock_env *e, struct shm_sock *s, uint32_t *out)
{
	uint32_t none = 0, mine;

	/* Pairs with the CAS. */
	*out = atomic_get_acquire(&s->marks);
	if (*out == 0) {
		mine = shm_fifo_take(e->arena, QUEUE_BYTES);
		*out = mine;
		/* Release: the fifo is ready. */
		if (mine && !atomic_cas(&s->marks, &none, mine)) {
			shm_fifo_free(e->arena, mine);
			*out = none; /* another was faster */
		}
	}
	return shm_fifo_at(e->arena, *out);
}

/* Without room its times are lost, as Linux's are for want of memory. */
static void leave_mark(struct sock_env *e, struct shm_sock *s, const struct shm_msg *m,
	const struct span *copy, unsigned pieces)
{
	uint32_t q;
	struct shm_fifo *f = marks_of(e, s, &q);
	struct fifo_end w;

	if (!f || !shm_lock_acquire(e->arena, &f->w_lock))
		return;
	if (shm_fifo_writer(e->arena, q, &w) == 0)
		shm_msgq_put(&w, QUEUE_BYTES, m, copy, pieces);
	shm_lock_release(e->arena, &f->w_lock);
}

bool sock_stream_sent(struct sock_env *e, uint32_t i, const struct iovec *iov, int n,
	size_t sent, int flags, const struct msghdr *control, bool *service)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_fifo *tx = s ? sock_tx(e, s) : NULL;
	struct span copy[COPY_PIECES];
	struct shm_msg m = { 0 };
	unsigned pieces = 0;
	uint32_t asked;
	bool local;

	*service = false;
	/* What is held back is told of when it goes. */
	if (!tx || hold_any(tx))
		return false;
	asked = wishes_stream_times(e, s, control);
	/* Once there are marks each write leaves one, an empty one if need be: see turn_of(). */
	if (!(asked & SOCK_TX_TIMES) && atomic_get_relaxed(&s->marks) == 0)
		return false;
	atomic_set_bits(&s->flags, SHM_F_TX_STAMPS); /* who polls looks for them */
	m.drops = atomic_get_acquire(&tx->sh.tail);
	m.info = asked & SOCK_TX_TIMES;
	if (asked & SOF_TIMESTAMPING_OPT_ID)
		m.data = m.drops - 1 - atomic_get_relaxed(&s->tskey);
	if (m.info && !(asked & SOF_TIMESTAMPING_OPT_TSONLY))
		pieces = last_bytes(iov, n, sent, copy, &m.len);
	local = atomic_get_relaxed(&s->via) == SHM_VIA_LOCAL;
	if (local)
		return report(e, i, &m, m.info, copy, pieces);
	m.type = (flags & MSG_MORE) || sock_has_opt(s, SHM_O_CORK);
	leave_mark(e, s, &m, copy, pieces);
	*service = sock_want_service(e, i);
	return false;
}

/* --- the service ----------------------------------------------------------------------- */

enum turn { TURN_TELL, TURN_OVERTAKEN, TURN_LATER };

/* What becomes of the mark at `at`, whose bytes are sent. After MSG_MORE the next write's
 * takes its place if both went together; whose bytes may be here before its mark is. */
static enum turn turn_of(const struct fifo_end *r, uint32_t at, const struct shm_msg *m,
	uint32_t sent)
{
	struct shm_msg next;

	if (!m->type || sent == m->drops)
		return TURN_TELL;
	if (shm_msgq_peek_at(r, at + shm_msgq_footprint(m->len), &next) != 1)
		return TURN_LATER;
	return next.info && (int32_t)(sent - next.drops) >= 0 ? TURN_OVERTAKEN : TURN_TELL;
}

static bool tell(struct sock_env *e, uint32_t i, const struct fifo_end *r, uint32_t at,
	const struct shm_msg *m, uint32_t asked)
{
	uint8_t bytes[COPY_MAX];
	struct span copy = { bytes, m->len };

	if (!asked || m->len > sizeof(bytes))
		return false;
	shm_msgq_copy(r, at, bytes, m->len);
	return report(e, i, m, asked, &copy, m->len ? 1 : 0);
}

bool sock_marks_wait(const struct sock_env *e, uint32_t i)
{
	/* Pairs with marks_of()'s CAS. */
	return atomic_get_acquire(&shm_sock_at(e->arena, i)->marks) != 0;
}

bool sock_marks_pass(struct sock_env *e, uint32_t i, uint32_t sent, uint32_t acked,
	uint32_t *told)
{
	struct shm_sock *s = sock_live(e, i);
	uint32_t q = s ? atomic_get_acquire(&s->marks) : 0; /* as above */
	struct fifo_end r;
	struct shm_msg m;
	bool bell = false;
	int got;

	if (q == 0 || shm_fifo_reader(e->arena, q, &r) < 0)
		return false;
	while ((got = shm_msgq_peek_at(&r, *told, &m)) == 1 &&
		(int32_t)(sent - m.drops) >= 0) {
		enum turn turn = turn_of(&r, *told, &m, sent);

		if (turn == TURN_LATER)
			break;
		if (turn == TURN_TELL)
			bell |= tell(e, i, &r, *told, &m,
				m.info & (SOCK_TX_SCHED | SOCK_TX_STAMPS));
		*told += shm_msgq_footprint(m.len);
	}
	while (got >= 0 && *told && (got = shm_msgq_peek(&r, &m)) == 1 &&
		*told >= shm_msgq_footprint(m.len) &&
		(!(m.info & SOCK_TX_ACK) || (int32_t)(acked - m.drops) >= 0)) {
		if (turn_of(&r, 0, &m, sent) != TURN_OVERTAKEN)
			bell |= tell(e, i, &r, 0, &m, m.info & SOCK_TX_ACK);
		*told -= shm_msgq_footprint(m.len);
		shm_msgq_drop(&r, &m);
	}
	if (got < 0) { /* somebody scribbled on it: without what is in it */
		int64_t used = fifo_reader_used(&r);

		fifo_release(&r, used > 0 ? (uint32_t)used : 0);
		*told = 0;
	}
	return bell;
}
