/* Explicit congestion notification (RFC 3168): routers mark instead of dropping.
 *
 *   SYN ECE+CWR --> SYN-ACK ECE: both ends may      (6.1.1)
 *   data goes out as ECT(0); a mark (CE) that comes in is echoed in each ACK until
 *   the peer says CWR; an echo halves our window once a round trip, as a loss would,
 *   and the next new segment says CWR
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ecn.h"

#include "ack.h"
#include "acktime.h"

enum { ECN_MASK = 3, NOT_ECT = 0, ECT_0 = 2, CE = 3,
	QUICK = 2 /* ACKs at once: the peer waits to hear of it (Linux) */ };

uint8_t ecn_tos(const struct conn *c, uint8_t tos, bool new_data)
{
	/* RFC 3168 6.1.5: what is sent again is not marked; the low bits are
	 * never the user's on a stream. */
	tos &= (uint8_t)~ECN_MASK;
	return c->ecn_on && new_data ? tos | ECT_0 : tos;
}

uint8_t ecn_syn_flags(const struct tcp *t)
{
	return t->rules.ecn == 1 ? TCP_ECE | TCP_CWR : 0;
}

/* RFC 3168 6.1.1: both bits on a SYN; a SYN that is ECT itself is odd (Linux:
 * tcp_ecn_create_request()). */
bool ecn_accepts(const struct tcp *t, const struct segment *s)
{
	return t->rules.ecn &&
		(s->h.flags & (TCP_ECE | TCP_CWR)) == (TCP_ECE | TCP_CWR) &&
		(s->pkt->tos & ECN_MASK) == NOT_ECT;
}

/* RFC 3168 6.1.1: ECE alone on the SYN-ACK says yes, both bits that it does not
 * know what they mean. */
void ecn_syn_answered(struct conn *c, const struct segment *s)
{
	c->ecn_on = c->ecn_asked &&
		(s->h.flags & (TCP_ECE | TCP_CWR)) == TCP_ECE;
}

bool ecn_is_marked(const struct segment *s)
{
	return (s->pkt->tos & ECN_MASK) == CE;
}

/* Segment with text has come: was it marked (6.1.3)? */
void ecn_received(struct conn *c, const struct segment *s)
{
	if (!c->ecn_on)
		return;
	switch (s->pkt->tos & ECN_MASK) {
	case CE:
		if (!c->ecn_echo)
			acktime_quick(c, QUICK);
		c->ecn_echo = c->ecn_seen = true;
		break;
	case NOT_ECT: /* Linux: a retransmission, perhaps: answer soon */
		if (c->ecn_seen)
			acktime_quick(c, QUICK);
		break;
	default:
		c->ecn_seen = true;
	}
}

/* The peer has reduced its window (6.1.3). Linux: which may be very small. */
void ecn_peer_reduced(struct conn *c, const struct segment *s)
{
	if (!(s->h.flags & TCP_CWR) || !c->ecn_on)
		return;
	c->ecn_echo = false;
	if (s->len)
		c->ack_now = true;
}

bool ecn_echoed(const struct conn *c, const struct tcp_header *h)
{
	return c->ecn_on && (h->flags & TCP_ECE) && !(h->flags & TCP_SYN);
}

void ecn_queue_cwr(struct conn *c)
{
	c->ecn_cwr = c->ecn_on;
}

void ecn_withdraw_cwr(struct conn *c)
{
	c->ecn_cwr = false;
}

uint8_t ecn_flags(struct conn *c, uint8_t flags, bool new_data)
{
	if (!c->ecn_on || (flags & TCP_RST))
		return flags;
	if (new_data && c->ecn_cwr) { /* 6.1.2: the first new segment */
		c->ecn_cwr = false;
		flags |= TCP_CWR;
	}
	return c->ecn_echo ? flags | TCP_ECE : flags;
}
