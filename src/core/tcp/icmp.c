/* ICMP errors about our segments. Only those that name a number in flight are
 * believed (RFC 5927 4.1); in a synchronized connection none is fatal (RFC 1122
 * 4.2.3.9, RFC 5927 5.2): it is remembered as the reason to give should the
 * connection time out.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "base/cursor.h"
#include "ip/limits.h"
#include "output.h"
#include "recovery.h"
#include "request.h"

/* The ports and the number of the segment that the error quotes. */
static bool quoted(const struct ip_error_in *e, struct tcp_tuple *tuple,
	struct seq *seq)
{
	struct cursor c = cursor_of(e->l4, e->len);

	*tuple = (struct tcp_tuple){ { e->src, 0 }, { e->dst, 0 } };
	tuple->local.port = cursor_u16(&c);
	tuple->remote.port = cursor_u16(&c);
	*seq = seq_of(cursor_u32(&c));
	return cursor_ok(&c);
}

static void conn_error(struct conn *c, struct instant now,
	const struct ip_error_in *e, struct seq seq)
{
	const struct tcp_ops *ops = &c->t->cfg.ops;
	/* Fast open: one that its user has is a connection as any other. */
	bool fresh = c->state <= TCP_SYN_RECEIVED && !(c->fo.child &&
		(!ops->accepted || ops->accepted(ops->user, c->cookie)));

	if (seq_lt(seq, c->state <= TCP_SYN_RECEIVED ? c->iss : c->snd_una) ||
		!seq_lt(seq, seq_add(c->snd_nxt, 1))) {
		c->t->stats.icmp_out_of_window++;
		return;
	}
	if (e->err == EMSGSIZE && c->state == TCP_SYN_SENT) {
		conn_send_smaller_syn(c, now, e->mtu);
	} else if (e->err == EMSGSIZE) {
		recovery_resize(c, now, e->mtu);
	} else if (fresh) {
		/* Linux's tcp_v4_err(): hard or soft (RFC 5461 4.1 permits it). */
		conn_kill(c, now, e->err);
	} else {
		c->soft_err = e->err;
		c->err = e->err;
		c->events |= TCP_EV_SOFT_ERROR;
	}
	conn_deliver(c);
}

/* Linux's tcp_v4_err(): of IPv4's unreachables those of net and host; of IPv6's
 * those that are hard. */
static bool ends_request(const struct ip_error_in *e)
{
	if (e->src.family == IP_V6)
		return e->hard;
	return e->err == ENETUNREACH || e->err == EHOSTUNREACH || e->err == EPROTO;
}

void tcp_icmp_error(struct tcp *t, struct instant now, const struct ip_error_in *e)
{
	struct tcp_tuple tuple;
	struct entry *found;
	struct seq seq;

	if (!quoted(e, &tuple, &seq))
		return;
	/* Of ourselves, of a neighbour that is silent: whichever it goes by. Linux looks
	 * by inet_iif(). */
	found = table_find(&t->table, &tuple,
		e->ifindex == IP_LO_INDEX ? 0 : e->ifindex);
	if (!found)
		return;
	if (found->kind == ENTRY_CONN) {
		conn_error(conn_of(found), now, e, seq);
	} else if (found->kind == ENTRY_REQUEST &&
		!seq_eq(seq, request_of(found)->iss)) {
		t->stats.icmp_out_of_window++;
	} else if (found->kind == ENTRY_REQUEST && ends_request(e)) {
		t->stats.attempt_fails++;
		request_free(t, request_of(found));
	}
}
