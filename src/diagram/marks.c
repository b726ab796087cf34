/* What each segment is, seen in the order of sending: relative numbers, the window in
 * bytes, and whether it is sent again, a duplicate ACK, a probe ...
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>

#include "watch.h"

struct half { /* what one end has sent */
	bool has_isn, has_syn, has_ack;
	struct seq isn;
	struct seq ack;	   /* the last that it sent */
	int wscale;	   /* TCP_WSCALE_NONE, or of its SYN */
	uint32_t window;   /* the last that it sent, bytes */
	unsigned dups;
	struct track sent;
};

struct pair {
	struct half half[2];
};

/* The first number: of the SYN, or such that the first byte seen is 1. */
static void set_isn(struct half *h, struct seq first, bool syn)
{
	if (h->has_isn && !syn)
		return;
	h->has_isn = true;
	h->isn = syn ? first : seq_add(first, (uint32_t)-1);
}

static void number(struct talk_arrow *a, struct half *h, struct half *o)
{
	bool syn = a->flags & TCP_SYN;

	if (syn || !(a->flags & TCP_RST))
		set_isn(h, a->tcp.seq, syn);
	if (a->flags & TCP_ACK)
		set_isn(o, a->tcp.ack, false);
	a->seq = h->has_isn ? a->tcp.seq.v - h->isn.v : a->tcp.seq.v;
	a->ack = a->flags & TCP_ACK ? a->tcp.ack.v - o->isn.v : 0;
	if (syn) {
		h->wscale = a->tcp.wscale;
		h->has_syn = true;
	}
	a->window = a->tcp.wnd;
	/* RFC 7323 2.2: scaled when both said so, and never in a SYN. */
	if (!syn && h->has_syn && o->has_syn && h->wscale > 0 &&
		o->wscale != TCP_WSCALE_NONE && h->wscale <= TCP_WSCALE_MAX)
		a->window <<= h->wscale;
}

static void judge_data(struct talk_arrow *a, struct half *h, const struct half *o)
{
	uint32_t len = segment_len(a);
	struct seq seq = a->tcp.seq;
	bool behind = h->sent.any && seq_eq(seq_add(seq, 1), h->sent.next);
	bool idle = o->has_ack && seq_eq(o->ack, h->sent.next);

	if (a->flags & TCP_RST)
		return;
	/* RFC 9293 3.8.4: a keep-alive repeats the last number, with or without a
	 * byte. Linux probes a closed window in the same way. */
	if (behind && !(a->flags & (TCP_SYN | TCP_FIN)) && a->len <= 1 && idle) {
		a->marks |= o->window ? MARK_KEEPALIVE : MARK_PROBE;
		return;
	}
	if (!len)
		return;
	switch (track_take(&h->sent, seq, seq_add(seq, len))) {
	case TRACK_AGAIN:
		a->marks |= o->has_ack && !o->window ? MARK_PROBE : MARK_RETRANSMIT;
		break;
	case TRACK_FILLS:
		a->marks |= MARK_OUT_OF_ORDER;
		break;
	case TRACK_NEW:
		break;
	}
}

/* RFC 5681 2: nothing new acknowledged, no data, the same window, and data under
 * way. With SACK blocks the window does not matter (RFC 6675 2). */
static bool is_dup_ack(const struct talk_arrow *a, const struct half *h,
	const struct half *o)
{
	return h->has_ack && !segment_len(a) && seq_eq(a->tcp.ack, h->ack) &&
		(a->window == h->window || a->tcp.nsack) && o->sent.any &&
		seq_lt(a->tcp.ack, o->sent.next) && !(a->marks & MARK_KEEPALIVE);
}

static void judge_ack(struct talk_arrow *a, struct half *h, const struct half *o)
{
	if (!(a->flags & TCP_ACK) || (a->flags & TCP_RST))
		return;
	if (h->has_ack && !seq_eq(h->ack, a->tcp.ack))
		h->dups = 0;
	if (is_dup_ack(a, h, o)) {
		a->marks |= MARK_DUP_ACK;
		a->dup = ++h->dups;
	} else if (h->has_ack && !segment_len(a) && seq_eq(a->tcp.ack, h->ack) &&
		a->window > h->window) {
		a->marks |= MARK_WINDOW_UPDATE;
	}
	if (!a->window && !(a->flags & TCP_SYN))
		a->marks |= MARK_ZERO_WINDOW;
	if (!h->has_ack || !seq_lt(a->tcp.ack, h->ack))
		h->ack = a->tcp.ack;
	h->has_ack = true;
	h->window = a->window;
}

int marks_set(struct talk *t)
{
	struct pair *pairs = calloc(t->n_flows ? t->n_flows : 1, sizeof(*pairs));

	if (!pairs)
		return -ENOMEM;
	for (size_t i = 0; i < t->n_arrows; i++) {
		struct talk_arrow *a = &t->arrows[i];
		struct talk_flow *f = &t->flows[a->flow];
		struct half *h = &pairs[a->flow].half[a->side];
		struct half *o = &pairs[a->flow].half[!a->side];

		if (a->kind != SEEN_TCP)
			continue;
		if (!h->has_isn && (a->flags & TCP_SYN))
			f->whole = true;
		number(a, h, o);
		judge_data(a, h, o);
		judge_ack(a, h, o);
	}
	free(pairs);
	return 0;
}
