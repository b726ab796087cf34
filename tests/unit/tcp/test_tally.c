/* What a connection counts to be told: the times it was busy and held up.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "peer.h"

static struct peer p;
static const uint8_t text[4000];

static struct tcp_info_view look(void)
{
	struct tcp_info_view v;

	CHECK_INT(tcp_get_info(p.tcp, p.now, p.id, &v), ==, 0);
	return v;
}

static void start(uint16_t wnd)
{
	peer_init(&p, true, false);
	p.wnd = wnd;
	peer_accept(&p);
}

static void ack(void)
{
	peer_send(&p, TCP_ACK, p.seq, peer_ack(&p), NULL, 0);
}

TEST(idle_is_not_busy)
{
	start(60000);
	peer_wait(&p, DURATION_S(1));
	CHECK_INT(look().busy.ns, ==, 0);
	CHECK_INT(look().since_sent.ns, >=, DURATION_S(1).ns);
	peer_fini(&p);
}

TEST(busy_from_the_first_byte_to_the_last_acknowledgement)
{
	start(60000);
	peer_user_write(&p, text, 1000);
	peer_wait(&p, DURATION_MS(30));
	CHECK_INT(look().busy.ns, ==, DURATION_MS(30).ns);
	ack();
	peer_wait(&p, DURATION_MS(30));
	CHECK_INT(look().busy.ns, ==, DURATION_MS(30).ns);
	CHECK_INT(look().rwnd_limited.ns, ==, 0);
	CHECK_INT(look().bytes_sent, ==, 1000);
	CHECK_INT(look().data_segs_out, ==, 1);
	CHECK_INT(look().delivered, ==, 2); /* and the SYN-ACK */
	peer_fini(&p);
}

TEST(held_up_by_the_window_until_it_opens)
{
	start(1000);
	peer_user_write(&p, text, 3000);
	p.wnd = 0;
	ack();
	peer_wait(&p, DURATION_MS(50));
	CHECK_INT(look().rwnd_limited.ns, ==, DURATION_MS(50).ns);
	p.wnd = 60000;
	ack();
	peer_wait(&p, DURATION_MS(10));
	CHECK_INT(look().rwnd_limited.ns, ==, DURATION_MS(50).ns);
	CHECK_INT(look().busy.ns, ==, DURATION_MS(60).ns);
	CHECK_INT(look().sndbuf_limited.ns, ==, 0);
	peer_fini(&p);
}

TEST(timeouts_and_their_time)
{
	struct tcp_info_view v;

	start(60000);
	peer_user_write(&p, text, 500);
	peer_wait(&p, DURATION_S(2));
	v = look();
	CHECK_INT(v.rtos, >=, 2);
	CHECK_INT(v.rto_recoveries, ==, 1);
	CHECK_INT(v.rto_time.ns, >, 0);
	CHECK_INT(v.timeouts, ==, v.rtos);
	ack();
	peer_wait(&p, DURATION_S(1));
	CHECK_INT(look().timeouts, ==, 0);
	CHECK_INT(look().rto_time.ns, >=, v.rto_time.ns);
	peer_fini(&p);
}
