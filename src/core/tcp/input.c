/* Segments in: whose is it, and then RFC 9293 3.10.7 as two lists of functions
 * in its order. Each returns a verdict; what a verdict means is said once.
 * SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>

#include "acktime.h"
#include "base/checksum.h"
#include "ecn.h"
#include "input.h"
#include "output.h"
#include "request.h"
#include "timewait.h"

static bool checksum_is_good(const struct ip_packet_in *pkt)
{
	struct checksum c = CHECKSUM_INIT;

	if (pkt->csum_ok || pkt->ntext)
		return pkt->csum_ok;
	checksum_add_pseudo(&c, &pkt->src, &pkt->dst, IP_PROTO_TCP,
		(uint32_t)pkt->len);
	checksum_add(&c, pkt->l4, pkt->len);
	return checksum_finish(&c) == 0;
}

/* False: drop it silently. */
static bool parse(struct tcp *t, const struct ip_packet_in *pkt,
	struct segment *s)
{
	size_t here = pkt->len;
	int header;

	for (unsigned k = 0; k < pkt->ntext; k++)
		here -= pkt->text[k].len;
	t->stats.segs_in++;
	if (pkt->broadcast) /* RFC 1122 4.2.3.10 */
		return false;
	header = pkt->len > UINT16_MAX ? -EINVAL :
		tcp_header_parse(pkt->l4, here, &s->h);
	if (header < 0 || (pkt->ntext && (size_t)header != here)) {
		t->stats.malformed++;
		return false;
	}
	if (!checksum_is_good(pkt)) {
		t->stats.bad_checksum++;
		return false;
	}
	s->pkt = pkt;
	s->tuple = (struct tcp_tuple){ { pkt->dst, s->h.dport },
		{ pkt->src, s->h.sport } };
	s->header = (uint32_t)header;
	s->skip = 0;
	s->len = (uint32_t)(pkt->len - (size_t)header);
	t->stats.segs_in += segment_count(s) - 1;
	s->end = seq_add(s->h.seq, s->len + ((s->h.flags & TCP_SYN) != 0) +
		((s->h.flags & TCP_FIN) != 0));
	if (s->h.flags & TCP_RST)
		t->stats.rst_in++;
	return true;
}

/* An ACK of nobody, for a listener: maybe it brings a cookie back. True: it did, or
 * the listener is full. */
static struct conn *from_cookie(struct tcp *t, struct instant now,
	const struct segment *s, const struct tcp_listen_info *info)
{
	struct request *r = syncookie_check(t, now, s, info);

	if (!r) {
		t->stats.cookies_bad++;
		tcp_send_reset(t, now, s, info->ifindex);
		return NULL;
	}
	t->stats.cookies_good++;
	return request_from_cookie(t, now, r);
}

/* RFC 9293 3.10.7.2 for a listener. Linux: tcp_rcv_state_process(). */
static struct conn *input_listener(struct tcp *t, struct instant now,
	const struct segment *s, const struct tcp_listen_info *info,
	const struct seq *isn)
{
	struct conn *c;

	if (s->pkt->ttl < info->min_ttl) /* RFC 5082 3 */
		return NULL;
	if (s->h.flags & TCP_ACK)
		return from_cookie(t, now, s, info);
	/* A SYN with a FIN, or neither: nothing that a peer would send. */
	if ((s->h.flags & (TCP_SYN | TCP_FIN)) != TCP_SYN)
		return NULL;
	c = request_new(t, now, s, info, isn);
	if (c)
		conn_deliver(c);
	return NULL;
}

/* RFC 9293 3.10.7.1 and 3.10.7.2: no connection, maybe a listener. Returns the
 * connection that the segment is for after all. */
static struct conn *input_stranger(struct tcp *t, struct instant now,
	const struct segment *s, const struct seq *isn)
{
	const struct tcp_ops *ops = &t->cfg.ops;
	struct tcp_listen_info info = { .arrived = s->pkt->ifindex };
	enum tcp_listen_verdict v = TCP_LISTEN_NONE;
	uint8_t kind = s->h.flags & (TCP_SYN | TCP_ACK);

	if (s->h.flags & TCP_RST)
		return NULL;
	if (kind == 0 || kind == TCP_SYN ||
		(kind == TCP_ACK && syncookie_expected(t, now)))
		v = ops->syn(ops->user, &s->tuple, &info);
	switch (v) {
	case TCP_LISTEN_OK:
		return input_listener(t, now, s, &info, isn);
	case TCP_LISTEN_FULL:
		t->stats.listen_drops++;
		break;
	case TCP_LISTEN_NONE:
		t->stats.no_socket++;
		tcp_send_reset(t, now, s, 0);
		break;
	}
	return NULL;
}

/* RFC 9293 3.10.7.4, second: what a reset means, and (Linux) to whom. */
static void was_reset(struct conn *c, struct instant now)
{
	int err = ECONNRESET; /* in SYN-RECEIVED too, as Linux */

	c->fo.reset = c->fo.child;
	if (c->state == TCP_SYN_SENT)
		err = ECONNREFUSED;
	else if (c->state == TCP_CLOSE_WAIT)
		err = EPIPE;
	conn_kill(c, now, err);
}

static void input_conn(struct conn *c, struct instant now, struct segment *s)
{
	static step_fn *const syn_sent[] = { syn_check_ack, syn_check_rst,
		syn_check_syn, syn_check_rest, NULL };
	/* "third, check security" has no function: RFC 9293 A.1 lets it be. */
	static step_fn *const others[] = { check_timestamp, check_sequence,
		check_rst, check_syn, check_ack, check_urg, take_text, take_fin,
		NULL };
	step_fn *const *step = c->state == TCP_SYN_SENT ? syn_sent : others;
	enum verdict_of_step v = STEP_NEXT;

	if (s->pkt->ttl < c->opt.min_ttl) /* RFC 5082 3; Linux: TCPMinTTLDrop */
		return;
	c->tally.segs_in += segment_count(s);
	c->tally.data_segs_in += s->len ? segment_count(s) : 0;
	c->tally.received_ce += ecn_is_marked(s);
	while (*step && v == STEP_NEXT && !c->dead)
		v = (*step++)(c, now, s);
	if (c->dead)
		v = STEP_DROP;
	if (v == STEP_ACK)
		c->ack_now = true;
	else if (v == STEP_CHALLENGE)
		conn_send_challenge(c, now);
	else if (v == STEP_RST)
		tcp_send_reset(c->t, now, s, c->e.device);
	else if (v == STEP_RESET)
		was_reset(c, now);
	conn_retire(c, now);
	if (!c->dead) {
		acktime_decide(c, now);
		conn_output(c, now);
	}
	conn_deliver(c);
}

void tcp_input(struct tcp *t, struct instant now, const struct ip_packet_in *pkt)
{
	struct segment s;
	struct entry *e;
	struct conn *c = NULL;
	struct seq isn;
	bool again = false;

	if (!parse(t, pkt, &s))
		return;
	e = table_find(&t->table, &s.tuple, pkt->ifindex);
	if (e && e->kind == ENTRY_TIME_WAIT) {
		again = time_wait_input(t, now, time_wait_of(e), &s, &isn);
		if (!again)
			return;
		e = NULL;
	}
	if (!e)
		c = input_stranger(t, now, &s, again ? &isn : NULL);
	else
		c = e->kind == ENTRY_CONN ? conn_of(e) :
		request_input(t, now, request_of(e), &s);
	if (c)
		input_conn(c, now, &s);
}
