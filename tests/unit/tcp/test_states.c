/* Each state against each kind of segment (RFC 9293 3.10.7, RFC 5961): the state
 * afterwards and the answer.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "check.h"
#include "peer.h"

enum kind {
	K_RST,	       /* exact number, with ACK */
	K_RST_INEXACT, /* in the window, not at rcv_nxt */
	K_RST_OUTSIDE,
	K_SYN,	       /* a new one, inside the window */
	K_DATA,	       /* 4 bytes in order */
	K_DATA_LATER,  /* 4 bytes behind a hole */
	K_DATA_OLD,    /* the number before, 1 byte */
	K_FIN,
	K_ACK_UNSENT,
	K_ACK_OLD,     /* far below snd_una */
	K_NO_ACK,      /* data without the ACK bit */
	KINDS,
};

static const char *const names[KINDS] = { "rst", "rst inexact", "rst outside",
	"syn", "data", "data later", "data old", "fin", "ack of unsent",
	"ack old", "no ack bit" };

static void send_kind(struct peer *p, enum kind k)
{
	struct seq ack = peer_ack(p), s = p->seq;

	/* The answer must be this segment's: our FIN stays unacknowledged. */
	if (peer_state(p) == TCP_FIN_WAIT_1 || peer_state(p) == TCP_CLOSING ||
		peer_state(p) == TCP_LAST_ACK)
		ack = seq_add(p->iss, 1);
	peer_clear(p);
	switch (k) {
	case K_RST:
		peer_send(p, TCP_RST | TCP_ACK, s, ack, NULL, 0);
		break;
	case K_RST_INEXACT:
		peer_send(p, TCP_RST, seq_add(s, 100), ack, NULL, 0);
		break;
	case K_RST_OUTSIDE:
		peer_send(p, TCP_RST, seq_add(s, 1u << 30), ack, NULL, 0);
		break;
	case K_SYN:
		peer_send(p, TCP_SYN, seq_add(s, 10), seq_of(0), NULL, 0);
		break;
	case K_DATA:
		peer_send(p, TCP_ACK, s, ack, "abcd", 4);
		break;
	case K_DATA_LATER:
		peer_send(p, TCP_ACK, seq_add(s, 10), ack, "abcd", 4);
		break;
	case K_DATA_OLD:
		peer_send(p, TCP_ACK, seq_add(s, -4u), ack, "x", 1);
		break;
	case K_FIN:
		peer_send(p, TCP_FIN | TCP_ACK, s, ack, NULL, 0);
		break;
	case K_ACK_UNSENT:
		peer_send(p, TCP_ACK, s, seq_add(ack, 1000), NULL, 0);
		break;
	case K_ACK_OLD:
		peer_send(p, TCP_ACK, s, seq_add(ack, -(1u << 30)), NULL, 0);
		break;
	case K_NO_ACK:
		peer_send(p, 0, s, seq_of(0), "abcd", 4);
		break;
	case KINDS:
		break;
	}
}

enum { NONE = 0, ACK = TCP_ACK, RST = TCP_RST, SYNACK = TCP_SYN | TCP_ACK };

struct want {
	enum tcp_state state;
	uint8_t flags; /* of the answer; NONE: silence */
};

/* Data in order is acknowledged at once while quick ACKs last; a FIN at once where no text
 * came before it. */
static const struct row {
	enum tcp_state from;
	struct want want[KINDS];
} rows[] = {
	{ TCP_LISTEN, { { TCP_CLOSED, NONE }, { TCP_CLOSED, NONE },
		{ TCP_CLOSED, NONE }, { TCP_SYN_RECEIVED, SYNACK },
		{ TCP_CLOSED, RST }, { TCP_CLOSED, RST }, { TCP_CLOSED, RST },
		{ TCP_CLOSED, RST }, { TCP_CLOSED, RST }, { TCP_CLOSED, RST },
		{ TCP_CLOSED, NONE } } }, /* as Linux */
	{ TCP_SYN_SENT, { { TCP_CLOSED, NONE }, { TCP_SYN_SENT, NONE },
		{ TCP_SYN_SENT, NONE }, { TCP_SYN_RECEIVED, SYNACK },
		{ TCP_SYN_SENT, NONE }, { TCP_SYN_SENT, NONE },
		{ TCP_SYN_SENT, NONE }, { TCP_SYN_SENT, NONE },
		{ TCP_SYN_SENT, RST }, { TCP_SYN_SENT, RST },
		{ TCP_SYN_SENT, NONE } } },
	{ TCP_SYN_RECEIVED, { { TCP_CLOSED, NONE }, { TCP_SYN_RECEIVED, ACK },
		{ TCP_SYN_RECEIVED, NONE }, { TCP_SYN_RECEIVED, ACK },
		{ TCP_ESTABLISHED, ACK }, { TCP_ESTABLISHED, ACK },
		{ TCP_SYN_RECEIVED, ACK }, { TCP_CLOSE_WAIT, ACK },
		{ TCP_SYN_RECEIVED, RST }, { TCP_SYN_RECEIVED, RST },
		{ TCP_SYN_RECEIVED, NONE } } },
	{ TCP_ESTABLISHED, { { TCP_CLOSED, NONE }, { TCP_ESTABLISHED, ACK },
		{ TCP_ESTABLISHED, NONE }, { TCP_ESTABLISHED, ACK },
		{ TCP_ESTABLISHED, ACK }, { TCP_ESTABLISHED, ACK },
		{ TCP_ESTABLISHED, ACK }, { TCP_CLOSE_WAIT, ACK },
		{ TCP_ESTABLISHED, ACK }, { TCP_ESTABLISHED, ACK },
		{ TCP_ESTABLISHED, NONE } } },
	{ TCP_CLOSE_WAIT, { { TCP_CLOSED, NONE }, { TCP_CLOSE_WAIT, ACK },
		{ TCP_CLOSE_WAIT, NONE }, { TCP_CLOSE_WAIT, ACK },
		{ TCP_CLOSE_WAIT, NONE }, { TCP_CLOSE_WAIT, NONE },
		{ TCP_CLOSE_WAIT, ACK }, { TCP_CLOSE_WAIT, NONE },
		{ TCP_CLOSE_WAIT, ACK }, { TCP_CLOSE_WAIT, ACK },
		{ TCP_CLOSE_WAIT, NONE } } },
	{ TCP_FIN_WAIT_1, { { TCP_CLOSED, NONE }, { TCP_FIN_WAIT_1, ACK },
		{ TCP_FIN_WAIT_1, NONE }, { TCP_FIN_WAIT_1, ACK },
		{ TCP_FIN_WAIT_1, ACK }, { TCP_FIN_WAIT_1, ACK },
		{ TCP_FIN_WAIT_1, ACK }, { TCP_CLOSING, ACK },
		{ TCP_FIN_WAIT_1, ACK }, { TCP_FIN_WAIT_1, ACK },
		{ TCP_FIN_WAIT_1, NONE } } },
	{ TCP_FIN_WAIT_2, { { TCP_CLOSED, NONE }, { TCP_FIN_WAIT_2, ACK },
		{ TCP_FIN_WAIT_2, NONE }, { TCP_FIN_WAIT_2, ACK },
		{ TCP_FIN_WAIT_2, ACK }, { TCP_FIN_WAIT_2, ACK },
		{ TCP_FIN_WAIT_2, ACK }, { TCP_TIME_WAIT, ACK },
		{ TCP_FIN_WAIT_2, ACK }, { TCP_FIN_WAIT_2, ACK },
		{ TCP_FIN_WAIT_2, NONE } } },
	{ TCP_CLOSING, { { TCP_CLOSED, NONE }, { TCP_CLOSING, ACK },
		{ TCP_CLOSING, NONE }, { TCP_CLOSING, ACK },
		{ TCP_CLOSING, NONE }, { TCP_CLOSING, NONE },
		{ TCP_CLOSING, ACK }, { TCP_CLOSING, NONE },
		{ TCP_CLOSING, ACK }, { TCP_CLOSING, ACK },
		{ TCP_CLOSING, NONE } } },
	{ TCP_LAST_ACK, { { TCP_CLOSED, NONE }, { TCP_LAST_ACK, ACK },
		{ TCP_LAST_ACK, NONE }, { TCP_LAST_ACK, ACK },
		{ TCP_LAST_ACK, NONE }, { TCP_LAST_ACK, NONE },
		{ TCP_LAST_ACK, ACK }, { TCP_LAST_ACK, NONE },
		{ TCP_LAST_ACK, ACK }, { TCP_LAST_ACK, ACK },
		{ TCP_LAST_ACK, NONE } } },
	{ TCP_TIME_WAIT, { { TCP_CLOSED, NONE }, { TCP_TIME_WAIT, NONE },
		{ TCP_TIME_WAIT, NONE }, { TCP_SYN_RECEIVED, SYNACK },
		{ TCP_TIME_WAIT, ACK }, { TCP_TIME_WAIT, ACK },
		{ TCP_TIME_WAIT, ACK }, { TCP_TIME_WAIT, ACK },
		{ TCP_TIME_WAIT, NONE }, { TCP_TIME_WAIT, NONE },
		{ TCP_TIME_WAIT, ACK } } },
};

TEST(each_state_answers_each_segment)
{
	static struct peer p;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (int k = 0; k < KINDS; k++) {
			const struct want *w = &rows[i].want[k];
			uint8_t got;

			peer_init(&p, true, false);
			peer_to_state(&p, rows[i].from);
			send_kind(&p, (enum kind)k);
			got = peer_last(&p)->flags & (TCP_SYN | TCP_ACK | TCP_RST);
			if (peer_state(&p) != w->state || got != w->flags ||
				p.nout > 1)
				check_failed(__FILE__, __LINE__, "state %d, %s: "
					"state %d, flags %02x, %u out", rows[i].from,
					names[k], peer_state(&p), got, p.nout);
			peer_fini(&p);
		}
	}
}

/* What the user is told of a reset (Linux's errors). */
/* Of SYN-RECEIVED, as Linux: a second SYN inside of the window is answered by a reset
 * (RFC 9293 3.5.2: of number 0, which no script can name), and the request is gone. */
TEST(another_syn_in_the_window_ends_a_request)
{
	static struct peer p;
	struct tcp_header h = { .flags = TCP_SYN, .wnd = 5000, .mss = 1000,
		.wscale = TCP_WSCALE_NONE };

	peer_init(&p, true, false);
	h.seq = seq_of(p.peer_iss);
	peer_send_header(&p, &h, NULL, 0);
	CHECK_INT(peer_state(&p), ==, TCP_SYN_RECEIVED);
	h.seq = seq_add(h.seq, 1);
	peer_clear(&p);
	peer_send_header(&p, &h, NULL, 0);
	CHECK_INT(p.nout, ==, 1);
	CHECK_INT(peer_last(&p)->flags, ==, TCP_RST | TCP_ACK);
	CHECK_INT(peer_last(&p)->seq.v, ==, 0);
	CHECK_INT(peer_last(&p)->ack.v, ==, h.seq.v + 1);
	CHECK_INT(peer_state(&p), ==, TCP_CLOSED);
	peer_fini(&p);
}

TEST(reset_tells_the_user_why)
{
	static const struct { enum tcp_state s; int err; } want[] = {
		{ TCP_SYN_SENT, ECONNREFUSED },
		{ TCP_SYN_RECEIVED, ECONNRESET },
		{ TCP_ESTABLISHED, ECONNRESET }, { TCP_CLOSE_WAIT, EPIPE },
		{ TCP_FIN_WAIT_1, ECONNRESET }, { TCP_FIN_WAIT_2, ECONNRESET },
	};
	static struct peer p;

	for (unsigned i = 0; i < 6; i++) {
		peer_init(&p, true, false);
		peer_to_state(&p, want[i].s);
		send_kind(&p, K_RST);
		CHECK_INT(p.err, ==, want[i].err);
		CHECK(p.events & TCP_EV_ERROR);
		CHECK_INT(p.closed, ==, 1);
		CHECK_INT(tcp_user_sent(p.tcp, p.now, p.id), ==, -EBADF);
		peer_fini(&p);
	}
}
