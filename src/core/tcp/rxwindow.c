/* The window that we offer (RFC 9293 3.8.6): never drawn back (but see
 * conn_advertise()), not opened in small steps (3.8.6.2.2), and reckoned as Linux 6.18
 * does (net/ipv4/tcp_input.c, tcp_output.c), so that it begins small and grows with
 * what comes and what is read.
 *
 *   head      tail=rcv_nxt              rcv_adv
 *    |== unread ==|--- offered ------------|
 *
 * Memory (rcvbuf: SO_RCVBUF's, or tcp_rmem's and tuned) is not text: `ratio` of it is,
 * at first half, then as the peer's segments turn out to fill their packets. The
 * window is the least of
 *   what is free    (rcvbuf - rxmem) * ratio
 *   ssthresh        grown by each segment that is worth its memory
 *   clamp           rcvbuf * ratio, or TCP_WINDOW_CLAMP
 *   the ring        where the bytes are to lie
 * and once in a round trip rcvbuf grows to twice what the program has read in it
 * (dynamic right-sizing).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "rxwindow.h"

#include "acktime.h"
#include "conn.h"
#include "output.h"

enum {
	RATIO_SHIFT = 8,	/* TCP_RMEM_TO_WIN_SCALE */
	RATIO_FIRST = 1 << (RATIO_SHIFT - 1), /* TCP_DEFAULT_SCALING_RATIO */
	GROWS_BY = 128,		/* bytes; a smaller segment says nothing */
	RCVBUF_LEAST = 2304,	/* bytes; SOCK_MIN_RCVBUF */
	HEADER_SPREAD = 20 + TCP_HEADER_MIN, /* sizeof(struct tcphdr) and so on */
	MSS_LEAST = 88,		/* TCP_MIN_MSS */
};

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t most(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static uint32_t text_in(const struct conn *c, uint32_t memory)
{
	return (uint32_t)((uint64_t)memory * c->rx.ratio >> RATIO_SHIFT);
}

static uint32_t memory_for(const struct conn *c, uint64_t text)
{
	uint64_t v = (text << RATIO_SHIFT) / c->rx.ratio;

	return v > INT32_MAX ? INT32_MAX : (uint32_t)v;
}

static uint32_t in_use(const struct conn *c)
{
	return c->rx.mem.total + c->rx.ooo_mem;
}

uint32_t rxwin_full_space(const struct conn *c)
{
	return text_in(c, c->rx.rcvbuf);
}

static uint32_t free_space(const struct conn *c)
{
	uint32_t used = in_use(c);

	return used < c->rx.rcvbuf ? text_in(c, c->rx.rcvbuf - used) : 0;
}

uint32_t rxwin_advmss(const struct conn *c)
{
	uint32_t mss = c->advmss ? c->advmss :
		tcp_mss_limit(c->mtu, c->e.tuple.remote.addr.family, 0);

	return mss > TCP_TS_OPTION && c->ts_on ? mss - TCP_TS_OPTION : mss;
}

/* Where the bytes are to lie. */
static uint32_t ring_size(const struct conn *c)
{
	uint32_t size = c->bufs.rx.size, limit = c->bufs.rx_limit;

	return limit && limit < size ? limit : size;
}

uint32_t rxwin_ring_free(const struct conn *c)
{
	int64_t used = c->bufs.rx.sh ? fifo_writer_used(&c->bufs.rx) : 0;

	if (!c->bufs.rx.sh || c->detached || used < 0 || used >= ring_size(c))
		return 0;
	return ring_size(c) - (uint32_t)used;
}

/* --- the handshake ----------------------------------------------------------------- */

void rxwin_offer(const struct tcp_rules *rules, struct rx_offer *o)
{
	uint32_t space = o->rcvbuf >> 1, clamp = o->clamp;

	if (o->locked && (clamp == 0 || clamp > space)) /* tcp_openreq_init_rwin() */
		clamp = space;
	if (clamp == 0)
		clamp = 65535u << TCP_WSCALE_MAX;
	space = least(space, clamp);
	if (o->mss && space > o->mss)
		space -= space % o->mss;
	o->wnd = space;
	o->wscale = 0;
	if (o->scaled) {
		space = most(space, most(rules->rmem[2], rules->core_rmem_max));
		space = least(space, clamp);
		while (o->wscale < TCP_WSCALE_MAX && /* RFC 7323 2.3 */
			space >> (o->wscale + 16))
			o->wscale++;
	}
	o->clamp = least(clamp, 65535u << o->wscale);
}

void rxwin_init(struct conn *c, const struct rx_offer *o)
{
	c->rx.rcvbuf = o->rcvbuf;
	c->rx.locked = o->locked;
	c->rx.clamp = o->clamp;
	c->rx.ssthresh = o->wnd;
	c->rx.ratio = RATIO_FIRST;
	c->rcv_wscale = o->wscale;
}

/* Linux: tcp_initialize_rcv_mss(). */
static uint32_t first_rcv_mss(const struct conn *c)
{
	uint32_t mss = least(rxwin_advmss(c), conn_mss(c));

	mss = least(mss, (uint32_t)seq_diff(c->rcv_adv, c->last_ack) / 2);
	return most(least(mss, TCP_MSS_DEFAULT_V4), MSS_LEAST);
}

void rxwin_established(struct conn *c, struct instant now)
{
	uint32_t full = rxwin_full_space(c), adv = rxwin_advmss(c);
	uint32_t wnd = (uint32_t)seq_diff(c->rcv_adv, c->last_ack);

	if (!c->wscale_on)
		c->rx.clamp = least(c->rx.clamp, 65535);
	c->rx.clamp = least(c->rx.clamp, full);
	/* One segment is kept in reserve (tcp_app_win is 31: no more than that). */
	if (c->rx.clamp > 2 * adv && c->rx.clamp + adv > full)
		c->rx.clamp = most(2 * adv, full - adv);
	c->rx.ssthresh = least(c->rx.ssthresh, c->rx.clamp);
	c->rx.space = least(least(c->rx.ssthresh, wnd), TCP_INITIAL_WINDOW * adv);
	c->rx.space_at = now;
	c->rx.space_seq = c->rx.head = c->rcv_nxt;
	c->rcv_mss = first_rcv_mss(c);
}

/* Linux: tcp_set_window_clamp(). */
static void set_clamp(struct conn *c, uint32_t clamp)
{
	uint32_t before = c->rx.clamp;
	uint32_t wnd = (uint32_t)seq_diff(c->rcv_adv, c->last_ack);

	clamp = most(clamp, RCVBUF_LEAST / 2);
	c->rx.clamp = clamp;
	if (clamp < before)
		c->rx.ssthresh = least(c->rx.ssthresh, clamp);
	else if (clamp > before)
		c->rx.ssthresh = most(c->rx.ssthresh, least(wnd, clamp));
}

void rxwin_set(struct conn *c, uint32_t rcvbuf, uint32_t clamp)
{
	if (rcvbuf && !(c->rx.locked && c->rx.rcvbuf == rcvbuf)) {
		c->rx.rcvbuf = rcvbuf;
		c->rx.locked = true;
	}
	if (clamp && clamp != c->opt.window_clamp)
		set_clamp(c, clamp);
}

/* --- right-sizing ------------------------------------------------------------------- */

/* Linux: tcp_rcv_rtt_update(). by_window: the sender may have had less to send. */
static void take_rtt(struct conn *c, uint32_t us, bool by_window)
{
	uint32_t old = c->rx.rtt8, m = us * 8;

	if (old == 0 || m < old)
		c->rx.rtt8 = m;
	else if (!by_window && seq_eq(c->rcv_nxt, c->rx.head))
		c->rx.rtt8 = old - (old >> 3) + us;
}

static uint32_t us_since(struct instant now, struct instant at)
{
	int64_t us = instant_sub(now, at).ns / 1000;

	return us < 1 ? 1 : us > INT32_MAX / 8 ? INT32_MAX / 8 : (uint32_t)us;
}

/* A window's worth has come: that took a round trip at least. */
static void measure_rtt(struct conn *c, struct instant now)
{
	if (c->rx.rtt_at.ns && seq_lt(c->rcv_nxt, c->rx.rtt_seq))
		return;
	if (c->rx.rtt_at.ns)
		take_rtt(c, us_since(now, c->rx.rtt_at), true);
	c->rx.rtt_seq = seq_add(c->rcv_nxt,
		(uint32_t)seq_diff(c->rcv_adv, c->last_ack));
	c->rx.rtt_at = now;
}

void rxwin_echo(struct conn *c, struct instant now, const struct segment *s)
{
	uint32_t ms = conn_ts_now(c, now) - s->h.tsecr;

	if (!c->ts_on || !s->h.has_ts || s->h.tsecr == c->rx.rtt_tsecr)
		return;
	c->rx.rtt_tsecr = s->h.tsecr;
	if (s->len >= c->rcv_mss && ms && ms < INT32_MAX / 8000)
		take_rtt(c, ms * 1000, false);
}

/* Linux: tcp_rcvbuf_grow(). */
static void grow_rcvbuf(struct conn *c, uint32_t space)
{
	uint64_t win = 2ull * space;
	uint32_t old = c->rx.space, memory;

	c->rx.space = space;
	if (!c->t->rules.moderate_rcvbuf || c->rx.locked)
		return;
	if (old && space > old) /* slow start: the next one may be twice as much */
		win += win * (space - old) / old * 2;
	if (c->ooo.n)
		win += (uint32_t)seq_diff(c->ooo.at[c->ooo.n - 1].to, c->rcv_nxt);
	if (win > INT32_MAX)
		win = INT32_MAX;
	memory = least(memory_for(c, win), c->t->rules.rmem[2]);
	if (memory > c->rx.rcvbuf) {
		c->rx.rcvbuf = memory;
		c->rx.clamp = text_in(c, memory);
	}
}

/* Linux: tcp_rcv_space_adjust(), whose clock is that of the last segment. */
static void adjust_space(struct conn *c)
{
	struct instant at = instant_before(c->last_received, c->last_sent) ?
		c->last_sent : c->last_received;
	uint32_t copied, unread;

	if (c->rx.rtt8 == 0 || instant_sub(at, c->rx.space_at).ns / 1000 <
		c->rx.rtt8 >> 3)
		return;
	copied = (uint32_t)seq_diff(c->rx.head, c->rx.space_seq);
	unread = (uint32_t)seq_diff(c->rcv_nxt, c->rx.head);
	if (copied > unread && copied - unread > c->rx.space)
		grow_rcvbuf(c, copied - unread);
	c->rx.space_seq = c->rx.head;
	c->rx.space_at = at;
}

uint32_t rxwin_look(struct conn *c, struct instant now)
{
	int64_t used = c->bufs.rx.sh ? fifo_writer_used(&c->bufs.rx) : 0;
	struct seq head;
	uint32_t n;

	if (used < 0 || c->state < TCP_SYN_RECEIVED)
		return 0;
	head = seq_add(c->rcv_nxt, -(uint32_t)used - c->fin_received);
	n = (uint32_t)seq_diff(head, c->rx.head);
	if (n == 0)
		return 0;
	/* As one who reads packet by packet. */
	for (uint32_t k = c->rx.mem.n; k && !seq_eq(c->rx.head, head); k--) {
		c->rx.head = rxmem_read(&c->rx.mem, head);
		adjust_space(c);
	}
	c->rx.head = head;
	return n;
}

/* --- what has come ------------------------------------------------------------------- */

static uint32_t header_of(const struct segment *s)
{
	return s->header + s->skip +
		(s->pkt->src.family == IP_V6 ? TCP_IP6_HEADER : TCP_IP4_HEADER);
}

/* Check #2 of Linux's tcp_grow_window(): would segments like this one fit? The
 * further the window has grown, the less overhead is borne with. */
static uint32_t increment(const struct conn *c, uint32_t len, uint32_t size)
{
	uint32_t text = text_in(c, size), window;

	if (text <= len)
		return 2 * rxwin_advmss(c);
	text >>= 1;
	window = text_in(c, c->t->rules.rmem[2]) >> 1;
	for (; c->rx.ssthresh <= window; text >>= 1, window >>= 1)
		if (text <= len)
			return 2 * c->rcv_mss;
	return 0;
}

static void grow_window(struct conn *c, uint32_t len, uint32_t size)
{
	uint32_t limit = least(c->rx.clamp, free_space(c)), n;

	if (limit <= c->rx.ssthresh)
		return;
	n = increment(c, len, size);
	if (n == 0)
		return;
	c->rx.ssthresh += least(limit - c->rx.ssthresh, most(n, 2 * len));
	c->quickacks |= 1;
}

/* As long as any that has come yet: then the ratio can be told. */
static void measure_full(struct conn *c, const struct segment *s, uint32_t mss)
{
	if (mss != c->rcv_mss) {
		uint64_t v = ((uint64_t)s->len << RATIO_SHIFT) /
			rxmem_packet(header_of(s), s->len).size;
		uint16_t old = c->rx.ratio;

		c->rx.ratio = v ? (uint16_t)(v & 0xff) : 1; /* Linux: an u8 */
		if (old != c->rx.ratio) {
			set_clamp(c, rxwin_full_space(c));
			c->rx.space = least(c->rx.space, c->rx.clamp);
		}
	}
	c->rcv_mss = least(mss, rxwin_advmss(c));
	if (s->h.flags & TCP_PSH)
		c->pushed_in |= 1;
}

void rxwin_measure(struct conn *c, const struct segment *s)
{
	uint32_t before = c->rx.last_len, len = s->len;
	uint32_t header = s->header + s->skip;

	if (s->pkt->segment && s->pkt->segment < len)
		len = s->pkt->segment;
	c->rx.last_len = 0;
	if (len >= c->rcv_mss) {
		measure_full(c, s, len);
		return;
	}
	/* Less, but perhaps only by SACK blocks; or all of them are short. */
	len += header;
	if (len >= TCP_MSS_DEFAULT_V4 + TCP_HEADER_MIN ||
		(len >= MSS_LEAST + TCP_HEADER_MIN &&
		!(s->h.flags & (TCP_FIN | TCP_URG | TCP_SYN | TCP_PSH)))) {
		len -= TCP_HEADER_MIN + (c->ts_on ? TCP_TS_OPTION : 0);
		c->rx.last_len = len;
		if (len == before) {
			c->rcv_mss = len;
			return;
		}
	}
	c->pushed_in = c->pushed_in ? 3 : 1;
}

void rxwin_in_order(struct conn *c, struct instant now, const struct segment *s,
	uint32_t n)
{
	struct rxmem_packet p = rxmem_packet(header_of(s), s->len);

	rxmem_put(&c->rx.mem, seq_add(s->h.seq, s->len), s->len, &p);
	if (n > s->len) { /* and what was out of order behind it */
		uint32_t behind = n - s->len, left = ranges_bytes(&c->ooo);
		uint32_t mem = (uint32_t)((uint64_t)c->rx.ooo_mem * behind /
			(behind + left));

		c->rx.ooo_mem -= mem;
		rxmem_put(&c->rx.mem, c->rcv_nxt, behind,
			&(struct rxmem_packet){ .size = mem });
	}
	if (c->ooo.n == 0)
		c->rx.ooo_mem = 0;
	rxwin_measure(c, s);
	measure_rtt(c, now);
}

void rxwin_grow(struct conn *c, const struct segment *s)
{
	struct rxmem_packet p = rxmem_packet(header_of(s), s->len);

	if (s->len >= GROWS_BY)
		grow_window(c, s->len, p.size - p.head);
}

void rxwin_out_of_order(struct conn *c, const struct segment *s)
{
	uint32_t size = rxmem_packet(header_of(s), s->len).size;

	c->rx.ooo_mem += size;
	/* Without SACK the number of an ACK is all it says: its window stays. */
	if (c->sack_on)
		grow_window(c, s->len, size);
	if (!c->detached)
		grow_rcvbuf(c, c->rx.space);
}

/* --- memory is short ----------------------------------------------------------------- */

static bool fits(const struct conn *c, uint32_t len)
{
	return in_use(c) + len <= c->rx.rcvbuf; /* Linux: tcp_can_ingest() */
}

/* What is furthest ahead goes first, an eighth of the buffer at a time, but nothing
 * before s. RFC 2018 8: what was reported may be dropped. Linux:
 * tcp_prune_ofo_queue(). */
static void prune(struct conn *c, const struct segment *s)
{
	while (c->ooo.n && !fits(c, s->len)) {
		const struct range *r = &c->ooo.at[c->ooo.n - 1];
		uint32_t bytes = ranges_bytes(&c->ooo), goal = c->rx.rcvbuf >> 3;
		uint32_t cut = (uint32_t)((uint64_t)bytes * goal /
			most(c->rx.ooo_mem, goal)), len;
		struct seq to;

		if (!seq_lt(s->h.seq, r->from))
			return;
		len = (uint32_t)seq_diff(r->to, r->from);
		to = cut && cut < len ? seq_add(r->to, -cut) : r->from;
		len = (uint32_t)seq_diff(r->to, to);
		c->rx.ooo_mem -= (uint32_t)((uint64_t)c->rx.ooo_mem * len / bytes);
		ranges_cut(&c->ooo, to);
		c->nrecent = 0;
		c->fin_waiting = false;
	}
	if (c->ooo.n == 0)
		c->rx.ooo_mem = 0;
}

/* Linux: tcp_clamp_window(). */
static void clamp_window(struct conn *c)
{
	uint32_t top = c->t->rules.rmem[2];

	c->quickacks = 0;
	if (c->rx.rcvbuf < top && !c->rx.locked)
		c->rx.rcvbuf = least(in_use(c), top);
	if (in_use(c) > c->rx.rcvbuf)
		c->rx.ssthresh = least(c->rx.clamp, 2 * rxwin_advmss(c));
}

bool rxwin_admit(struct conn *c, const struct segment *s)
{
	uint32_t bytes;

	if (fits(c, s->len) || in_use(c) == 0)
		return fits(c, s->len);
	clamp_window(c); /* Linux: tcp_prune_queue() */
	if (fits(c, s->len))
		return true;
	bytes = rxmem_collapsed(ranges_bytes(&c->ooo));
	c->rx.ooo_mem = least(c->rx.ooo_mem, bytes);
	rxmem_collapse(&c->rx.mem, (uint32_t)seq_diff(c->rcv_nxt, c->rx.head));
	if (!fits(c, s->len))
		prune(c, s);
	return fits(c, s->len);
}

/* --- what is said --------------------------------------------------------------------- */

uint32_t rxwin_now(const struct conn *c)
{
	int32_t n = seq_diff(c->rcv_adv, c->rcv_nxt);

	return n > 0 ? (uint32_t)n : 0;
}

/* RFC 9293 3.8.6.2.2 without scaling: whole segments, and no change for less. */
static uint32_t whole_segments(const struct conn *c, uint32_t free, uint32_t full,
	uint32_t mss)
{
	uint32_t window = (uint32_t)seq_diff(c->rcv_adv, c->last_ack);

	if ((int32_t)window <= (int32_t)free - (int32_t)mss || window > free)
		return free - free % mss;
	if (mss == full && free > window + (full >> 1))
		return free;
	return window;
}

uint32_t rxwin_select(struct conn *c)
{
	uint32_t unit = 1u << c->rcv_wscale, free = free_space(c);
	uint32_t allowed = rxwin_full_space(c), full = least(c->rx.clamp, allowed);
	uint32_t mss = least(c->rcv_mss, full);

	if (mss == 0)
		return 0;
	if (free < full >> 1) {
		c->quickacks = 0;
		free &= ~(unit - 1);
		if (free < allowed >> 4 || free < mss)
			return 0; /* 3.8.6.2.2: no silly window */
	}
	free = least(free, c->rx.ssthresh);
	if (c->rcv_wscale == 0)
		return whole_segments(c, free, full, mss);
	return (free + unit - 1) & ~(unit - 1); /* not to be scaled away */
}

/* A window that the ring cannot hold: what it can, but no silly step beyond what was
 * said. */
static uint32_t ring_allows(const struct conn *c, uint32_t wnd)
{
	uint32_t room = rxwin_ring_free(c), half = ring_size(c) / 2;

	if (wnd <= room)
		return wnd;
	room &= ~((1u << c->rcv_wscale) - 1);
	return room < least(c->rcv_mss, half) ? 0 : room;
}

uint16_t conn_advertise(struct conn *c, struct instant now, bool syn)
{
	uint8_t shift = syn ? 0 : c->rcv_wscale; /* RFC 7323 2.2 */
	uint32_t unit = 1u << shift, top = 65535u << shift, said = rxwin_now(c), wnd;

	if (syn) {
		wnd = least(most(c->rx.ssthresh, said), 65535);
		c->rcv_adv = seq_max(c->rcv_adv, seq_add(c->rcv_nxt,
			c->rx.ssthresh));
		return (uint16_t)wnd;
	}
	if (c->rx.no_memory) {
		/* Text was dropped. RFC 9293 3.8.6 says SHOULD NOT to a window that
		 * shrinks; Linux: tcp_select_window(), ICSK_ACK_NOMEM. */
		c->rx.no_memory = false;
		c->rcv_adv = c->rcv_nxt;
		return 0;
	}
	rxwin_look(c, now);
	wnd = c->detached ? said : ring_allows(c, rxwin_select(c));
	if (wnd < said) { /* never drawn back, but by what the scale cuts off */
		wnd = (said + unit - 1) & ~(unit - 1);
		if (!c->detached && wnd > rxwin_ring_free(c))
			wnd = said;
	}
	wnd = least(wnd, top);
	c->rcv_adv = seq_max(c->rcv_adv, seq_add(c->rcv_nxt, wnd));
	return (uint16_t)(wnd >> shift);
}

/* RFC 9293 3.8.6.2.2, as Linux has it (tcp_cleanup_rbuf()): twice what was said. */
bool rxwin_opened(struct conn *c)
{
	uint32_t said = rxwin_now(c), wnd;

	if (2 * said > c->rx.clamp)
		return false;
	wnd = ring_allows(c, rxwin_select(c));
	return wnd && wnd >= 2 * said;
}

/* Who reads need not tell of each byte: what a peer can send shows us how far it is. But
 * where the peer may be waiting for the window each counts. */
void rxwin_view(const struct conn *c, struct tcp_recv_view *v)
{
	uint32_t unread = (uint32_t)seq_diff(c->rcv_nxt, c->rx.head);
	uint32_t small = most(2 * rxwin_advmss(c), c->rx.clamp >> 3);

	v->rcvbuf = c->rx.rcvbuf;
	v->text = least(rxwin_full_space(c), ring_size(c));
	v->report = v->text / 4;
	if (rxwin_now(c) <= small)
		v->report = most(least(unread, v->text) / 4, 1);
	if (acktime_waits_for_read(c))
		v->report = 1;
}
