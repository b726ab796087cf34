/* When what has come is acknowledged (RFC 9293 3.8.6.3, RFC 5681 4.2), as Linux does:
 *
 *   at once     the second full segment, if the window moves by it; the first ones of
 *               a connection, and after a pause (quick ACKs); a filled hole
 *   later       all else: after `ato`, which follows the rhythm of what comes, 40 to
 *               200 ms; or with data that goes out
 *   together    of a hole: the first three at once, so that the peer begins to repair;
 *               then one for what comes within a millisecond
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include "acktime.h"

#include "output.h"
#include "timers.h"

static const struct duration ato_min = DURATION_MS(TCP_DELACK_MS);

static struct duration shorter(struct duration a, struct duration b)
{
	return a.ns < b.ns ? a : b;
}

/* Linux: tcp_incr_quickack(). */
static void more_quick(struct conn *c, unsigned most)
{
	uint32_t n = (uint32_t)seq_diff(c->rcv_adv, c->last_ack) /
		(2 * (c->rcv_mss ? c->rcv_mss : 1));

	if (n == 0)
		n = 2;
	if (n > most)
		n = most;
	if (n > c->quickacks)
		c->quickacks = (uint8_t)n;
}

void acktime_quick(struct conn *c, unsigned most)
{
	more_quick(c, most);
	c->answering = false;
	c->ato = ato_min;
}

void acktime_text(struct conn *c, struct instant now)
{
	struct duration gap = instant_sub(now, c->last_text);

	if (c->state < TCP_ESTABLISHED) /* with the SYN, whose answer says it */
		return;
	c->ack_wanted = true;
	if (c->ato.ns == 0) {
		more_quick(c, TCP_QUICKACKS);
		c->ato = ato_min;
	} else if (gap.ns <= ato_min.ns / 2) {
		c->ato.ns = c->ato.ns / 2 + ato_min.ns / 2;
	} else if (gap.ns < c->ato.ns) {
		c->ato.ns = c->ato.ns / 2 + gap.ns;
		c->ato = shorter(c->ato, rtt_rto(&c->rtt));
	} else if (gap.ns > rtt_rto(&c->rtt).ns) {
		more_quick(c, TCP_QUICKACKS); /* the sender begins small again */
	}
	c->last_text = now;
}

/* Linux: tcp_send_delayed_ack(). */
static void later(struct conn *c, struct instant now)
{
	struct duration wait = c->ato, most, srtt = c->rtt.srtt;

	if (wait.ns > ato_min.ns) {
		most = DURATION_MS(c->answering || c->pushed_in ? TCP_DELACK_MAX_MS :
			1000 / 2);
		if (rtt_has_sample(&c->rtt))
			most = shorter(most, srtt.ns > ato_min.ns ? srtt : ato_min);
		wait = shorter(wait, most);
	} else if (wait.ns == 0) { /* a FIN, and no text before it */
		c->ack_now = true;
		return;
	}
	/* Not as late as the peer's shortest timeout (tcp_delack_max()). */
	wait = shorter(wait, DURATION_MS(TCP_RTO_MIN_MS - TCP_TICK_MS));
	if (timers_ack_wait(c, now, wait))
		c->ack_now = true;
}

/* There is a hole. Linux since 4.18; RFC 5681 4.2 wants one for each. */
static void together(struct conn *c, struct instant now)
{
	int64_t rtt8 = c->rx.rtt8, wait;

	if (!c->sack_on || c->compressed >= c->t->rules.comp_sack_nr) {
		c->ack_now = true;
		return;
	}
	if (!seq_eq(c->compress_nxt, c->rcv_nxt)) {
		c->compress_nxt = c->rcv_nxt;
		c->dup_acks = 0;
	}
	if (c->dup_acks < TCP_DUP_THRESH) {
		c->dup_acks++;
		c->ack_now = true;
		return;
	}
	if (c->compressed++)
		return;
	if (rtt_has_sample(&c->rtt) && c->rtt.srtt.ns / 125 < rtt8)
		rtt8 = c->rtt.srtt.ns / 125;
	wait = rtt8 * 125 / 20; /* a twentieth, ns */
	if (wait > c->t->rules.comp_sack_delay_ns)
		wait = c->t->rules.comp_sack_delay_ns;
	wait += c->t->rules.comp_sack_slack_ns; /* Linux: at the latest, so mostly then */
	timers_ack_compress(c, now, (struct duration){ wait });
}

/* The right edge moves far enough; a reader who waits for more has to get it. */
static bool worth_it(struct conn *c)
{
	uint32_t said = (uint32_t)seq_diff(c->rcv_adv, c->last_ack);

	return (uint32_t)seq_diff(c->rcv_nxt, c->rx.head) < c->opt.rcvlowat ||
		rxwin_select(c) >= said;
}

void acktime_decide(struct conn *c, struct instant now)
{
	uint32_t waiting = (uint32_t)seq_diff(c->rcv_nxt, c->last_ack);

	if (!c->ack_wanted || c->ack_now)
		return;
	if (c->opt.quickack || (waiting > c->rcv_mss && worth_it(c)) ||
		(c->quickacks && !c->answering && !c->opt.no_quickack))
		c->ack_now = true;
	else if (c->ooo.n)
		together(c, now);
	else
		later(c, now);
}

static bool second_waits(const struct conn *c)
{
	return c->ack_wanted &&
		(uint32_t)seq_diff(c->rcv_nxt, c->last_ack) > c->rcv_mss;
}

/* It was not a dialogue: when all has been read the peer may wait for it. */
static bool last_waits(const struct conn *c)
{
	return c->ack_wanted &&
		(c->pushed_in == 3 || (c->pushed_in && !c->answering));
}

bool acktime_waits_for_read(const struct conn *c)
{
	return second_waits(c) || last_waits(c);
}

bool acktime_read(struct conn *c, uint32_t n)
{
	if (second_waits(c) || (n && last_waits(c) && c->rx.mem.total == 0 &&
		c->rx.ooo_mem == 0))
		return true;
	return n && !c->fin_received && rxwin_opened(c);
}

void acktime_data_sent(struct conn *c, struct instant now)
{
	if (c->last_text.ns && instant_sub(now, c->last_text).ns < c->ato.ns)
		c->answering = true;
}

void acktime_sent(struct conn *c)
{
	if (c->quickacks && c->ack_wanted && --c->quickacks == 0)
		c->ato = ato_min;
	c->ack_now = c->ack_wanted = c->ack_pending = false;
	c->pushed_in = 0;
	c->compressed = 0;
	timers_ack_sent(c);
}

/* Linux: tcp_delack_timer_handler(). */
void acktime_late(struct conn *c, struct instant now)
{
	if (!c->ack_pending)
		return;
	if (c->answering) { /* the answer took too long */
		c->answering = false;
		c->ato = ato_min;
	} else {
		c->ato = shorter((struct duration){ 2 * c->ato.ns },
			rtt_rto(&c->rtt));
	}
	conn_send_ack(c, now);
}

void acktime_flush(struct conn *c, struct instant now)
{
	if (c->compressed)
		conn_send_ack(c, now);
}
