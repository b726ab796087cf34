/* Urgent data on the wire (RFC 9293 3.8.5, RFC 6093, Linux's reading).
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "peer.h"

static struct peer p;

/* Data from the peer whose urgent pointer field is `urgent`. */
static void send_urgent(uint16_t urgent, const char *text)
{
	struct tcp_header h = { .flags = TCP_ACK | TCP_URG, .seq = p.seq,
		.ack = peer_ack(&p), .urgent = urgent };

	peer_send_header(&p, &h, text, (uint32_t)strlen(text));
	p.seq = seq_add(p.seq, (uint32_t)strlen(text));
}

static void start(void)
{
	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	peer_clear(&p);
}

static void write_urgent(const char *text)
{
	uint32_t n = (uint32_t)strlen(text);

	CHECK_INT(tcp_user_urgent(p.tcp, p.id, p.tx.own + n - 1), ==, 0);
	peer_user_write(&p, text, n);
}

TEST(pointer_is_behind_the_urgent_byte)
{
	start();
	write_urgent("abc");
	CHECK_INT(p.nout, ==, 1);
	CHECK(peer_last(&p)->flags & TCP_URG);
	CHECK_INT(peer_last(&p)->urgent, ==, 3);
	peer_clear(&p);
	peer_send(&p, TCP_ACK, p.seq, peer_ack(&p), NULL, 0);
	/* Acknowledged: what follows is ordinary. */
	peer_user_write(&p, "d", 1);
	CHECK(!(peer_last(&p)->flags & TCP_URG));
	CHECK_INT(peer_last(&p)->urgent, ==, 0);
	peer_fini(&p);
}

TEST(all_segments_up_to_it_carry_the_pointer)
{
	static char text[4000];

	start();
	memset(text, 'x', sizeof(text) - 1);
	write_urgent(text);
	CHECK_INT(p.nout, ==, 3);
	for (unsigned k = 0; k < p.nout; k++) {
		CHECK(p.out[k].h.flags & TCP_URG);
		CHECK_INT(p.out[k].h.seq.v + p.out[k].h.urgent, ==,
			p.out[0].h.seq.v + 3999);
	}
	peer_fini(&p);
}

TEST(urgent_data_does_not_wait_for_nagle)
{
	start();
	peer_user_write(&p, "a", 1);
	peer_user_write(&p, "b", 1);
	CHECK_INT(p.nout, ==, 1); /* held back */
	write_urgent("c");
	CHECK_INT(p.nout, ==, 2);
	CHECK_INT(p.out[1].len, ==, 2);
	CHECK_INT(p.out[1].h.urgent, ==, 2);
	peer_fini(&p);
}

TEST(retransmission_is_urgent_too)
{
	start();
	write_urgent("ab");
	peer_clear(&p);
	peer_wait(&p, DURATION_S(1));
	CHECK(p.nout >= 1);
	CHECK(p.out[0].h.flags & TCP_URG);
	CHECK_INT(p.out[0].h.urgent, ==, 2);
	peer_fini(&p);
}

TEST(probe_of_a_shut_window_tells)
{
	bool told = false;

	start();
	p.wnd = 0;
	peer_send(&p, TCP_ACK, p.seq, peer_ack(&p), NULL, 0);
	write_urgent("ab");
	peer_wait(&p, DURATION_S(2));
	for (unsigned k = 0; k < p.nout; k++)
		told |= (p.out[k].h.flags & TCP_URG) && p.out[k].h.urgent == 2;
	CHECK(told);
	peer_fini(&p);
}

TEST(nonsense_marks_are_refused)
{
	struct tcp_id none = { 0, 0 };

	start();
	CHECK_INT(tcp_user_urgent(p.tcp, none, 0), ==, -EBADF);
	CHECK_INT(tcp_user_urgent(p.tcp, p.id, p.tx.own - 1), ==, -EINVAL);
	CHECK_INT(tcp_user_urgent(p.tcp, p.id, p.tx.own + PEER_BUF), ==, -EINVAL);
	peer_fini(&p);
}

TEST(received_mark_is_told_with_its_place)
{
	uint32_t from;

	start();
	from = p.rx.own;
	send_urgent(3, "abcd");
	CHECK_INT(p.urgents, ==, 1);
	CHECK_INT(p.urgent_at, ==, from + 2);
	CHECK_INT(fifo_reader_used(&p.rx), ==, 4);
	/* The same again, or one from the past, is no news. */
	send_urgent(0, "e");
	CHECK_INT(p.urgents, ==, 2); /* Linux: 0 points at the first byte */
	CHECK_INT(p.urgent_at, ==, from + 4);
	peer_fini(&p);
}

TEST(mark_may_come_before_its_byte)
{
	uint32_t from;

	start();
	from = p.rx.own;
	send_urgent(6, "abc");
	CHECK_INT(p.urgents, ==, 1);
	CHECK_INT(p.urgent_at, ==, from + 5);
	send_urgent(3, "def"); /* the same byte */
	CHECK_INT(p.urgents, ==, 1);
	send_urgent(2, "gh");
	CHECK_INT(p.urgents, ==, 2);
	CHECK_INT(p.urgent_at, ==, from + 7);
	peer_fini(&p);
}

TEST(old_segments_do_not_mark)
{
	struct tcp_header h;

	start();
	send_urgent(2, "ab");
	CHECK_INT(p.urgents, ==, 1);
	h = (struct tcp_header){ .flags = TCP_ACK | TCP_URG,
		.seq = seq_add(p.seq, -2u), .ack = peer_ack(&p), .urgent = 2 };
	peer_send_header(&p, &h, "ab", 2);
	CHECK_INT(p.urgents, ==, 1);
	peer_fini(&p);
}
