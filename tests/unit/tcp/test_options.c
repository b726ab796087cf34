/* IP options of a connection's segments: which they have, and that text makes room for
 * them. SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "check.h"
#include "peer.h"

static struct peer p;

static const struct ip_options twelve = { 12, { 7, 11, 4 } };
static const struct ip_options eight = { 8, { 7, 7, 4 } };

static const struct peer_segment *last(void)
{
	CHECK(p.nout > 0);
	return &p.out[(p.nout - 1) % PEER_OUT];
}

static void check_last(const struct ip_options *o)
{
	CHECK_INT(last()->options.len, ==, o->len);
	CHECK_MEM(last()->options.bytes, o->bytes, o->len);
}

static const struct ip_options none;

TEST(an_active_open_has_them_from_the_first)
{
	static uint8_t text[1460];
	struct tcp_options o;

	peer_init(&p, true, false);
	p.opt.ip = &twelve;
	peer_connect(&p);
	p.seq = seq_add(p.seq, 1);
	peer_send_header(&p, &(struct tcp_header){ .flags = TCP_SYN | TCP_ACK,
		.seq = seq_of(PEER_ISS), .ack = peer_ack(&p), .mss = 1460,
		.wscale = TCP_WSCALE_NONE }, NULL, 0);
	for (unsigned k = 0; k < p.nout; k++)
		CHECK_INT(p.out[k].options.len, ==, 12);
	CHECK_INT(p.out[0].h.mss, ==, 1460); /* Linux: what is offered knows nothing */
	peer_clear(&p);
	peer_user_write(&p, text, sizeof(text));
	check_last(&twelve);
	CHECK_INT(p.out[0].len, ==, 1460 - 12); /* RFC 6691 2 */
	o = p.opt;
	o.ip = NULL;
	o.nodelay = true;
	CHECK_INT(tcp_set_options(p.tcp, p.now, p.id, &o), ==, 0);
	peer_send(&p, TCP_ACK, p.seq, peer_ack(&p), NULL, 0);
	peer_clear(&p);
	peer_user_write(&p, text, sizeof(text));
	check_last(&none);
	CHECK_INT(last()->len, ==, 1460);
	peer_fini(&p);
}

TEST(a_passive_open_answers_those_of_the_syn)
{
	static uint8_t text[1460];

	peer_init(&p, true, false);
	p.came = eight;
	p.opt.ip = &twelve; /* not even if the user has others */
	peer_send(&p, TCP_SYN, seq_of(PEER_ISS), seq_of(0), NULL, 0);
	check_last(&eight);
	p.came = none;
	peer_wait(&p, DURATION_MS(1500)); /* once more */
	check_last(&eight);
	peer_send(&p, TCP_ACK, seq_of(PEER_ISS + 1), peer_ack(&p), NULL, 0);
	CHECK_INT(p.accepted, ==, 1);
	peer_clear(&p);
	peer_user_write(&p, text, sizeof(text));
	check_last(&eight);
	CHECK_INT(p.out[0].len, ==, 1460 - 8);
	peer_fini(&p);
}

/* Linux: ip_send_unicast_reply(). */
TEST(who_has_no_connection_answers_with_the_segment_s_own)
{
	peer_init(&p, true, false);
	p.verdict = TCP_LISTEN_NONE;
	p.came = eight;
	peer_send(&p, TCP_SYN, seq_of(PEER_ISS), seq_of(0), NULL, 0);
	CHECK(last()->h.flags & TCP_RST);
	check_last(&eight);
	peer_fini(&p);
	peer_init(&p, true, false);
	peer_to_state(&p, TCP_TIME_WAIT);
	p.came = eight;
	peer_clear(&p);
	peer_send(&p, TCP_ACK | TCP_FIN, seq_of(p.seq.v - 1), peer_ack(&p), NULL, 0);
	CHECK_INT(last()->h.flags, ==, TCP_ACK);
	check_last(&eight);
	peer_fini(&p);
}
