/* What the user writes, cut into pieces as Linux's tcp_sendmsg() cuts it into skbs:
 * a piece is filled up to the size goal (half of the largest window that the peer
 * ever offered, at most what one super-segment may carry), the end of each write
 * without MSG_MORE is marked with PSH, MSG_EOR closes a piece for good, and what
 * fills a piece may leave before the rest is looked at. Bytes stay in tx.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "ack.h"
#include "output.h"

/* Linux: tcp_bound_to_half_wnd(): no use in segments that fill a tiny window. */
uint32_t conn_half_window(const struct conn *c, uint32_t size)
{
	uint32_t cutoff = c->max_snd_wnd;

	if (cutoff > TCP_MSS_DEFAULT_V4)
		cutoff /= 2;
	if (cutoff == 0 || size <= cutoff)
		return size;
	return cutoff > TCP_MSS_MIN ? cutoff : TCP_MSS_MIN;
}

/* Payload of the next full segment: SACK blocks take their share (Linux:
 * tcp_current_mss(); RFC 6691 3). */
uint32_t conn_mss_now(const struct conn *c)
{
	uint32_t mss = conn_mss(c), most = c->ts_on ? 3 : 4, n, sack;

	if (!c->sack_on || c->dead)
		return mss;
	n = c->ooo.n + (c->dsack.from.v != c->dsack.to.v);
	if (n == 0)
		return mss;
	sack = 4 + 8 * (n < most ? n : most);
	return mss > sack + TCP_MSS_MIN ? mss - sack : mss;
}

uint32_t conn_size_goal(const struct conn *c, uint32_t mss)
{
	uint32_t goal = conn_half_window(c, TCP_SUPER_MAX) / mss;

	if (goal > TCP_SUPER_SEGS)
		goal = TCP_SUPER_SEGS;
	return goal ? goal * mss : mss;
}

/* Where the tail piece begins. */
static struct seq tail_start(const struct conn *c)
{
	return c->wq.n > 1 ? writeq_at(&c->wq, c->wq.n - 2)->end : c->snd_nxt;
}

static void mark_push(struct conn *c)
{
	struct piece *tail = writeq_tail(&c->wq);

	if (tail)
		tail->flags |= PIECE_PSH;
	c->pushed = c->tx_end;
}

/* Half of the largest window was written since the last push. */
static bool forced_push(const struct conn *c)
{
	return seq_lt(seq_add(c->pushed, c->max_snd_wnd / 2), c->tx_end);
}

/* The piece that takes the next bytes, and how many; NULL: no memory. */
static struct piece *open_piece(struct conn *c, uint32_t goal, uint32_t *room)
{
	struct piece *tail = writeq_tail(&c->wq);
	uint32_t len = tail ? (uint32_t)seq_diff(tail->end, tail_start(c)) : 0;

	if (tail && !(tail->flags & PIECE_EOR) && len < goal) {
		*room = goal - len;
		return tail;
	}
	*room = goal;
	c->nagle_push = false; /* tcp_skb_entail() */
	return writeq_push(&c->wq, c->tx_end, 0);
}

/* A piece is full: what may go goes now. */
static void piece_full(struct conn *c, struct instant now)
{
	if (!conn_may_send_data(c))
		return;
	if (forced_push(c)) {
		mark_push(c);
		conn_push(c, now, NAGLE_PUSH);
	} else if (c->wq.n == 1) {
		conn_push_one(c, now);
	}
}

void conn_write(struct conn *c, struct instant now, uint32_t n, unsigned flags)
{
	uint32_t goal, room;
	bool first = true;

	if (n == 0 || c->fin_queued)
		return;
	conn_follow_path(c);
	goal = conn_size_goal(c, conn_mss_now(c));
	if (c->state >= TCP_ESTABLISHED) {
		cc_restart_after_idle(c, now);
		rate_check_app_limited(c, (uint32_t)seq_diff(c->tx_end, c->snd_nxt));
	}
	if (c->urgent)
		goal = conn_mss_now(c);
	while (n && !c->dead) {
		struct piece *p = open_piece(c, goal, &room);

		if (!p) { /* too many: the last one grows */
			p = writeq_tail(&c->wq);
			room = n;
			if (!p)
				return; /* told of again later */
		}
		if (room > n)
			room = n;
		if (first) {
			p->flags &= (uint8_t)~PIECE_PSH;
			tally_wait(c, now, TALLY_BUSY);
		}
		first = false;
		p->end = c->tx_end = seq_add(p->end, room);
		n -= room;
		if (n)
			piece_full(c, now);
		else if (flags & TCP_WRITE_EOR)
			p->flags |= PIECE_EOR;
	}
	if (c->dead)
		return;
	if (!(flags & TCP_WRITE_MORE) || forced_push(c))
		mark_push(c);
	if (conn_may_send_data(c))
		conn_push(c, now, conn_nagle(c) |
			(flags & TCP_WRITE_MORE ? NAGLE_CORK : 0));
}

/* All that lies in tx. False and dead when its counters are corrupt. */
bool conn_take_all(struct conn *c, struct instant now)
{
	int64_t used;

	if (c->fin_queued || !c->bufs.tx.sh)
		return true; /* its end was fixed then */
	used = fifo_reader_used(&c->bufs.tx); /* negative: refused there */
	return conn_take_written(c, now, c->bufs.tx.own + (uint32_t)used, 0);
}

/* The user's bytes up to count `upto` of tx, if they are there. */
bool conn_take_written(struct conn *c, struct instant now, uint32_t upto,
	unsigned flags)
{
	uint32_t known = (uint32_t)seq_diff(c->tx_end, c->tx_seq);
	uint32_t told = upto - c->bufs.tx.own;
	int64_t used;

	if (c->fin_queued || !c->bufs.tx.sh)
		return true; /* its end was fixed then */
	used = fifo_reader_used(&c->bufs.tx);
	if (used < (int64_t)known || told < known || told > used) {
		conn_send_rst(c, now);
		conn_kill(c, now, EPROTO);
		return false;
	}
	conn_write(c, now, told - known, flags);
	return true;
}

/* Linux: tcp_sndbuf_expand(): twice what the congestion window may have in flight,
 * with what each segment lies in. */
static uint32_t send_buffer(const struct conn *c)
{
	const struct tcp_rules *rules = &c->t->rules;
	uint32_t mss = conn_mss(c), segs = c->cc.cwnd, size = 1;
	uint64_t bytes, windows;

	if (segs < TCP_INITIAL_WINDOW)
		segs = TCP_INITIAL_WINDOW;
	while (size < mss + TCP_SKB_HEADERS)
		size *= 2;
	windows = c->cc.ops && c->cc.ops->send_buffer ? c->cc.ops->send_buffer : 2;
	bytes = windows * segs * (size + TCP_SKB_SELF);
	if (bytes < rules->wmem[1])
		bytes = rules->wmem[1];
	return bytes < rules->wmem[2] ? (uint32_t)bytes : rules->wmem[2];
}

/* Bytes of tx before that number: SYN and FIN have none. */
static uint32_t bytes_until(const struct conn *c, struct seq at)
{
	if (seq_lt(at, c->tx_seq))
		return 0;
	return (uint32_t)seq_diff(seq_lt(c->tx_end, at) ? c->tx_end : at, c->tx_seq);
}

void conn_send_view(const struct conn *c, struct tcp_send_view *v)
{
	uint32_t mss = conn_mss_now(c), quota, window;
	struct seq edge = c->snd_nxt, full;

	v->goal = conn_size_goal(c, mss);
	v->sndbuf = send_buffer(c);
	if (seq_lt(c->snd_nxt, conn_window_end(c)) && c->state >= TCP_ESTABLISHED) {
		quota = conn_cwnd_room(c) * mss;
		window = (uint32_t)seq_diff(conn_window_end(c), c->snd_nxt);
		edge = seq_add(edge, quota < window ? quota : window);
	}
	full = seq_add(c->wq.n ? tail_start(c) : edge, v->goal);
	v->edge = c->bufs.tx.own + (uint32_t)seq_diff(edge, c->tx_seq);
	v->full = c->bufs.tx.own + (uint32_t)seq_diff(full, c->tx_seq);
	v->sent = c->bufs.tx.own + bytes_until(c, c->snd_nxt);
	v->acked = c->bufs.tx.own + bytes_until(c, c->snd_una);
}
