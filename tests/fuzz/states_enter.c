/* The way into each state of RFC 9293 3.3.2, without a flaw.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "states.h"

#include "request.h"
#include "timewait.h"

static struct entry *the_entry(const struct host *h)
{
	return table_find(&h->tcp->table, &h->tuple, 0);
}

static void must_be(const struct host *h, enum tcp_state s)
{
	MUST(the_conn(h) && the_conn(h)->state == s);
}

static void ack_all(struct host *h, uint8_t flags)
{
	const struct conn *c = the_conn(h);
	struct tcp_header hd = { .flags = TCP_ACK | flags, .wnd = h->syn.wnd,
		.wscale = TCP_WSCALE_NONE, .has_ts = c->ts_on,
		.tsval = h->peer_ts, .tsecr = h->ts_last };

	hd.seq = c->rcv_nxt;
	hd.ack = c->snd_nxt;
	give(h, &hd, 0, 0);
}

static void syn_sent(struct host *h)
{
	user_connect(h);
	must_be(h, TCP_SYN_SENT);
}

static void request(struct host *h)
{
	give(h, &h->syn, 0, 0);
	MUST(the_entry(h) && the_entry(h)->kind == ENTRY_REQUEST);
}

static void syn_received(struct host *h) /* simultaneous open */
{
	syn_sent(h);
	give(h, &h->syn, 0, 0);
	must_be(h, TCP_SYN_RECEIVED);
}

static void active(struct host *h)
{
	struct tcp_header hd = h->syn;

	syn_sent(h);
	hd.flags |= TCP_ACK;
	hd.ack = seq_add(h->iss, 1);
	hd.tsecr = h->ts_last;
	give(h, &hd, 0, 0);
	must_be(h, TCP_ESTABLISHED);
}

static void passive(struct host *h)
{
	struct tcp_header hd = { .flags = TCP_ACK, .wnd = h->syn.wnd,
		.wscale = TCP_WSCALE_NONE, .seq = seq_add(h->peer_iss, 1),
		.has_ts = h->syn.has_ts, .tsval = h->peer_ts };

	request(h);
	hd.ack = seq_add(h->iss, 1);
	hd.tsecr = h->ts_last;
	give(h, &hd, 0, 0);
	must_be(h, TCP_ESTABLISHED);
}

static void with_data(struct host *h)
{
	passive(h);
	user_write(h, 4 * PAYLOAD_MAX);
}

static void fin_wait_1(struct host *h)
{
	passive(h);
	user_shutdown(h);
	must_be(h, TCP_FIN_WAIT_1);
}

static void fin_wait_1_data(struct host *h)
{
	with_data(h);
	user_shutdown(h);
	must_be(h, TCP_FIN_WAIT_1);
}

static void fin_wait_2(struct host *h)
{
	fin_wait_1(h);
	ack_all(h, 0);
	must_be(h, TCP_FIN_WAIT_2);
}

static void close_wait(struct host *h)
{
	active(h);
	ack_all(h, TCP_FIN);
	must_be(h, TCP_CLOSE_WAIT);
}

static void last_ack(struct host *h)
{
	close_wait(h);
	user_shutdown(h);
	must_be(h, TCP_LAST_ACK);
}

/* The peer's FIN from before ours arrived there. */
static void closing(struct host *h)
{
	struct tcp_header hd = { .flags = TCP_ACK | TCP_FIN, .wnd = h->syn.wnd,
		.wscale = TCP_WSCALE_NONE };

	fin_wait_1(h);
	hd.has_ts = the_conn(h)->ts_on;
	hd.tsval = h->peer_ts;
	hd.tsecr = h->ts_last;
	hd.seq = the_conn(h)->rcv_nxt;
	hd.ack = the_conn(h)->snd_una;
	give(h, &hd, 0, 0);
	must_be(h, TCP_CLOSING);
}

static void record_is(const struct host *h, enum tcp_state s)
{
	MUST(the_entry(h) && the_entry(h)->kind == ENTRY_TIME_WAIT);
	MUST(time_wait_of(the_entry(h))->state == s);
}

static void time_wait(struct host *h)
{
	fin_wait_2(h);
	ack_all(h, TCP_FIN);
	record_is(h, TCP_TIME_WAIT);
}

static void orphan(struct host *h) /* FIN-WAIT-2 without a user */
{
	fin_wait_2(h);
	user_detach(h);
	record_is(h, TCP_FIN_WAIT_2);
}

static void detached(struct host *h)
{
	with_data(h);
	user_detach(h);
	must_be(h, TCP_FIN_WAIT_1);
}

static void listening(struct host *h)
{
	MUST(!the_entry(h));
}

void states_enter(struct host *h, uint8_t which)
{
	static void (*const way[])(struct host *) = { with_data, syn_sent, request,
		syn_received, active, passive, fin_wait_1, fin_wait_2, close_wait,
		closing, last_ack, time_wait, orphan, detached, listening,
		fin_wait_1_data };

	way[which % (sizeof(way) / sizeof(*way))](h);
}
