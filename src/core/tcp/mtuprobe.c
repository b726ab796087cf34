/* Packetization layer path MTU discovery (RFC 4821, RFC 8899) as Linux does it: where
 * routers say nothing, a longer segment now and then finds out what the path takes.
 *
 *       low              (low + high) / 2            high
 *   |----|----- arrives: low = it ---|--- does not: high = it - 1 ---|
 *
 * net.ipv4.tcp_mtu_probing: 1 begins when timeouts in a row show that nothing long
 * arrives, 2 with each connection, from tcp_base_mss.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "output.h"

#include "ack.h"

/* Linux: tcp_mtup_init(). */
void mtuprobe_init(struct conn *c, struct instant now)
{
	const struct tcp_rules *rules = &c->t->rules;
	uint32_t peer = c->peer_mss ? c->peer_mss : TCP_MSS_DEFAULT_V4;
	uint32_t ts = c->ts_on ? TCP_TS_OPTION : 0;

	if (c->user_mss && c->user_mss < peer)
		peer = c->user_mss;
	c->probe = (struct mtuprobe){
		.enabled = rules->mtu_probing > 1,
		.high = conn_mtu_of(c, peer) - ts,
		.low = conn_mtu_of(c, rules->base_mss),
		.since = now,
	};
}

/* RFC 4821 7.2: the path may have changed for the better. Linux:
 * tcp_mtu_check_reprobe(). */
static void search_again(struct conn *c, struct instant now)
{
	uint32_t mss = conn_mss_now(c);
	struct instant since = c->probe.since;

	if (instant_sub(now, since).ns < DURATION_S(c->t->rules.probe_interval).ns)
		return;
	mtuprobe_init(c, now);
	c->probe.enabled = true;
	c->probe.low = conn_mtu_of(c, mss);
}

/* RFC 4821 7.4: enough behind it to see by fast retransmit that it alone is lost. */
static enum mtuprobe_verdict has_room(const struct conn *c, uint32_t needed)
{
	uint32_t flight = conn_in_flight(c);

	if ((uint32_t)seq_diff(c->tx_end, c->snd_nxt) < needed || c->snd_wnd < needed)
		return MTUPROBE_NO;
	if (seq_lt(conn_window_end(c), seq_add(c->snd_nxt, needed)))
		return MTUPROBE_WAIT;
	if (flight + 2 > c->cc.cwnd)
		return flight ? MTUPROBE_WAIT : MTUPROBE_NO;
	return MTUPROBE_SEND;
}

/* Linux: tcp_mtu_probe(). */
enum mtuprobe_verdict mtuprobe_next(struct conn *c, struct instant now, uint32_t *size)
{
	const struct tcp_rules *rules = &c->t->rules;
	struct mtuprobe *p = &c->probe;
	enum mtuprobe_verdict v;

	/* What is SACKed makes headers of different lengths. */
	if (!p->enabled || p->size || c->rec.state != CA_OPEN || c->cc.cwnd < 11 ||
		c->ooo.n || c->dsack.from.v != c->dsack.to.v)
		return MTUPROBE_NO;
	*size = conn_mss_of(c, (p->high + p->low) / 2);
	if (p->high < p->low + rules->probe_threshold ||
		*size > conn_mss_of(c, p->high)) {
		search_again(c, now);
		return MTUPROBE_NO;
	}
	v = has_room(c, *size + (c->rec.reordering + 1) * conn_mss(c));
	if (v != MTUPROBE_SEND)
		return v;
	while (c->wq.n > 1 && conn_first_len(c) < *size &&
		!(writeq_first(&c->wq)->flags & PIECE_EOR))
		writeq_grow(&c->wq, *size - conn_first_len(c));
	return conn_first_len(c) < *size ? MTUPROBE_NO : MTUPROBE_SEND;
}

void mtuprobe_sent(struct conn *c, uint32_t size)
{
	c->probe.size = conn_mtu_of(c, size);
	c->probe.end = c->snd_nxt;
	c->probe.start = seq_add(c->snd_nxt, -size);
	c->cc.cwnd--; /* it is as two */
}

/* RFC 4821 7.6.1: it has arrived. Linux: tcp_mtup_probe_success(). */
void mtuprobe_acked(struct conn *c, struct instant now)
{
	struct mtuprobe *p = &c->probe;
	uint64_t cwnd = c->cc.cwnd;

	if (p->size == 0 || seq_lt(c->snd_una, p->end))
		return;
	/* The window is bytes, in segments that become longer. */
	c->cc.prior_ssthresh = cc_current_ssthresh(c);
	cwnd = cwnd * conn_mtu_of(c, conn_mss(c)) / p->size;
	c->cc.cwnd = cwnd ? (uint32_t)cwnd : 1;
	c->cc.cnt = 0;
	c->cc.stamp = now;
	c->cc.ssthresh = cc_current_ssthresh(c);
	p->low = p->size;
	p->size = 0;
	conn_update_mss(c);
}

/* RFC 4821 7.6.2: what followed it has arrived. */
bool mtuprobe_was_lost(struct conn *c)
{
	struct mtuprobe *p = &c->probe;

	if (p->size == 0 || c->rec.state >= CA_CWR || !seq_eq(c->snd_una, p->start))
		return false;
	p->high = p->size - 1;
	p->size = 0;
	c->cc.cwnd++;
	return true;
}

/* RFC 4821 7.7, RFC 8899 4.3. Linux: tcp_mtu_probing(). */
void mtuprobe_black_hole(struct conn *c, struct instant now)
{
	const struct tcp_rules *rules = &c->t->rules;
	struct mtuprobe *p = &c->probe;
	uint32_t mss;

	if (!rules->mtu_probing)
		return;
	if (!p->enabled) {
		p->enabled = true;
		p->since = now;
	} else {
		mss = conn_mss_of(c, p->low) / 2;
		if (mss > rules->base_mss)
			mss = rules->base_mss;
		if (mss < rules->mtu_probe_floor)
			mss = rules->mtu_probe_floor;
		if (mss < TCP_MSS_MIN)
			mss = TCP_MSS_MIN;
		p->low = conn_mtu_of(c, mss);
	}
	conn_update_mss(c);
}
