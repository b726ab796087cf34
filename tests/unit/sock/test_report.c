/* The error queue: who hears of an error, in which order, and what is told.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "world_connect.h"
#include "world_io.h"

#include <linux/errqueue.h>
#include <linux/icmp.h>
#include <linux/net_tstamp.h>

#include "sock/report.h"

static struct shm_addr addr4(uint8_t last, uint16_t port)
{
	return (struct shm_addr){ .family = IP_V4, .port = port,
		.b = { 10, 0, 0, last } };
}

static bool refuse(uint32_t i, const char *payload, bool hard)
{
	struct shm_msg m = { .len = (uint32_t)strlen(payload), .dst = addr4(7, 9),
		.src = addr4(8, 0), .err = hard ? ECONNREFUSED : EHOSTUNREACH,
		.origin = SO_EE_ORIGIN_ICMP, .type = ICMP_DEST_UNREACH,
		.code = hard ? ICMP_PORT_UNREACH : ICMP_HOST_UNREACH };
	struct span p = { (void *)(uintptr_t)payload, m.len };

	return sock_dgram_error(&env, i, &m, hard, &p, 1);
}

/* Takes the next one: bytes of payload or -errno. */
static ssize_t take(uint32_t i, char *buf, size_t room, struct sock_extended_err *ee,
	union name *offender, union name *to)
{
	union {
		struct cmsghdr h;
		char room[256];
	} u;
	struct iovec v = { buf, room };
	struct msghdr m = { .msg_control = &u, .msg_controllen = sizeof(u) };
	socklen_t len = sizeof(*to);
	struct cmsghdr *c;
	int flags = 0;
	ssize_t n = sock_report_take(&env, i, &v, 1, &to->sa, &len, &m, &flags);

	if (n < 0)
		return n;
	CHECK(flags & MSG_ERRQUEUE);
	c = CMSG_FIRSTHDR(&m);
	CHECK(c != NULL);
	CHECK_INT(c->cmsg_level, ==, IPPROTO_IP);
	CHECK_INT(c->cmsg_type, ==, IP_RECVERR);
	memcpy(ee, CMSG_DATA(c), sizeof(*ee));
	memcpy(&offender->in, CMSG_DATA(c) + sizeof(*ee), sizeof(offender->in));
	return n;
}

TEST(report_only_who_asks)
{
	struct sock_extended_err ee;
	union name offender, to;
	uint32_t i;
	char b[16];

	world_init();
	i = udp();
	CHECK(!sock_report_waits(&env, at(i)));
	/* Not connected and not asking: nobody hears. */
	refuse(i, "lost", true);
	CHECK_INT(get_int(i, SOL_SOCKET, SO_ERROR), ==, 0);
	CHECK(!sock_report_waits(&env, at(i)));
	CHECK_INT(set_int(i, IPPROTO_IP, IP_RECVERR, 1), ==, 0);
	refuse(i, "told", true);
	CHECK(sock_report_waits(&env, at(i)));
	CHECK(sock_ready(&env, i, 0) & POLLERR);
	CHECK_INT(take(i, b, sizeof(b), &ee, &offender, &to), ==, 4);
	CHECK_MEM(b, "told", 4);
	CHECK_INT(ee.ee_errno, ==, ECONNREFUSED);
	CHECK_INT(ee.ee_origin, ==, SO_EE_ORIGIN_ICMP);
	CHECK_INT(ee.ee_type, ==, ICMP_DEST_UNREACH);
	CHECK_INT(ee.ee_code, ==, ICMP_PORT_UNREACH);
	CHECK_INT(ntohl(offender.in.sin_addr.s_addr), ==, 0x0a000008);
	CHECK_INT(ntohl(to.in.sin_addr.s_addr), ==, 0x0a000007);
	CHECK_INT(ntohs(to.in.sin_port), ==, 9);
	CHECK_INT(take(i, b, sizeof(b), &ee, &offender, &to), ==, -EAGAIN);
}

TEST(report_connected_hears_hard_ones)
{
	union name n;
	socklen_t len;
	uint32_t i;

	world_init();
	i = udp();
	len = name_of(&n, "10.0.0.7", 9);
	CHECK_INT(sock_dgram_connect(&env, i, &n.sa, len), ==, 0);
	refuse(i, "soft", false);
	CHECK_INT(get_int(i, SOL_SOCKET, SO_ERROR), ==, 0);
	refuse(i, "hard", true);
	CHECK(!sock_report_waits(&env, at(i)));
	CHECK_INT(get_int(i, SOL_SOCKET, SO_ERROR), ==, ECONNREFUSED);
	CHECK_INT(get_int(i, SOL_SOCKET, SO_ERROR), ==, 0);
}

TEST(report_in_order_and_cut)
{
	struct sock_extended_err ee;
	union name offender, to;
	uint32_t i;
	char b[4];

	world_init();
	i = udp();
	CHECK_INT(set_int(i, IPPROTO_IP, IP_RECVERR, 1), ==, 0);
	refuse(i, "first", true);
	refuse(i, "2nd", false);
	CHECK_INT(take(i, b, sizeof(b), &ee, &offender, &to), ==, 4);
	CHECK_MEM(b, "firs", 4); /* the rest is gone */
	CHECK_INT(ee.ee_errno, ==, ECONNREFUSED);
	CHECK_INT(take(i, b, sizeof(b), &ee, &offender, &to), ==, 3);
	CHECK_INT(ee.ee_errno, ==, EHOSTUNREACH);
	CHECK(!sock_report_waits(&env, at(i)));
	CHECK(!(sock_ready(&env, i, 0) & POLLERR));
}

TEST(report_full_loses_the_last)
{
	struct sock_extended_err ee;
	union name offender, to;
	static char big[1400];
	uint32_t i;
	char b[16];
	int n = 0;

	world_init();
	memset(big, 'x', sizeof(big) - 1);
	i = udp();
	CHECK_INT(set_int(i, IPPROTO_IP, IP_RECVERR, 1), ==, 0);
	refuse(i, "first", true);
	for (int k = 0; k < 1000; k++)
		refuse(i, big, true);
	CHECK_INT(take(i, b, sizeof(b), &ee, &offender, &to), ==, 5);
	while (take(i, b, sizeof(b), &ee, &offender, &to) >= 0)
		n++;
	CHECK_INT(n, >, 10);
	CHECK_INT(n, <, 1000);
	refuse(i, "again", true);
	CHECK_INT(take(i, b, sizeof(b), &ee, &offender, &to), ==, 5);
	CHECK_MEM(b, "again", 5);
}

TEST(a_stream_tells_which_byte_left)
{
	const int times = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_TX_ACK |
		SOF_TIMESTAMPING_OPT_ID;
	struct iovec v[2] = { { (void *)(uintptr_t)"ab", 2 }, { (void *)(uintptr_t)"cde", 3 } };
	struct sock_extended_err ee;
	union name offender, to;
	uint32_t a, b, l;
	char text[16];
	bool service;

	world_init();
	pair_of(&a, &b, &l);
	CHECK_INT(put(a, "before", 6), ==, 6);
	CHECK(!(at(a)->flags & SHM_F_TX_STAMPS));
	CHECK_INT(set_int(a, SOL_SOCKET, SO_TIMESTAMPING, times), ==, 0);
	CHECK(at(a)->flags & SHM_F_TX_STAMPS);
	CHECK_INT(sock_send(&env, a, v, 2, 0, &fx), ==, 5);
	sock_stream_sent(&env, a, v, 2, 5, 0, NULL, &service);
	CHECK(!service);
	for (uint32_t k = 0; k < 2; k++) {
		CHECK_INT(take(a, text, sizeof(text), &ee, &offender, &to), ==, 5);
		CHECK_MEM(text, "abcde", 5);
		CHECK_INT(ee.ee_errno, ==, ENOMSG);
		CHECK_INT(ee.ee_origin, ==, SO_EE_ORIGIN_TIMESTAMPING);
		CHECK_INT(ee.ee_info, ==, k ? SCM_TSTAMP_ACK : SCM_TSTAMP_SND);
		CHECK_INT(ee.ee_data, ==, 4); /* counted from the option on */
	}
	CHECK(!sock_report_waits(&env, at(a)));
	/* A write that the ring took a part of: so much is told. */
	CHECK_INT(set_int(a, SOL_SOCKET, SO_TIMESTAMPING, times |
		SOF_TIMESTAMPING_OPT_TSONLY), ==, 0);
	sock_stream_sent(&env, a, v, 2, 1, 0, NULL, &service);
	CHECK_INT(take(a, text, sizeof(text), &ee, &offender, &to), ==, 0);
	CHECK_INT(set_int(a, SOL_SOCKET, SO_TIMESTAMPING, 0), ==, 0);
	CHECK(!(at(a)->flags & SHM_F_TX_STAMPS));
}
