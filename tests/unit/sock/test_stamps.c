/* Times of sending of a stream to another host: marks left by writes, and what becomes of
 * them as TCP moves on. What is within the host: test_report.c.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "world_connect.h"
#include "world_io.h"

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>

#include "base/atomic.h"
#include "sock/report.h"

#define SEND SOF_TIMESTAMPING_TX_SOFTWARE
#define QUEUED SOF_TIMESTAMPING_TX_SCHED
#define ACK SOF_TIMESTAMPING_TX_ACK

static uint32_t a, told;

static void begin(int times)
{
	uint32_t b, l;

	world_init();
	pair_of(&a, &b, &l);
	atomic_put_relaxed(&at(a)->via, SHM_VIA_NET);
	CHECK_INT(set_int(a, SOL_SOCKET, SO_TIMESTAMPING, times), ==, 0);
	told = 0;
}

static void wrote(const char *text, int flags, const struct msghdr *control)
{
	struct iovec v = { (void *)(uintptr_t)text, strlen(text) };
	bool service = false;

	CHECK_INT(sock_send(&env, a, &v, 1, flags, &fx), ==, strlen(text));
	CHECK(!sock_stream_sent(&env, a, &v, 1, strlen(text), flags, control, &service));
}

/* The next report: its kind, its number; -1: none. */
static int next(uint32_t *number)
{
	union {
		struct cmsghdr h;
		char room[256];
	} u;
	char text[16];
	struct iovec v = { text, sizeof(text) };
	struct msghdr m = { .msg_control = &u, .msg_controllen = sizeof(u) };
	struct sock_extended_err ee = { 0 };
	socklen_t len = 0;
	int flags = 0;

	if (sock_report_take(&env, a, &v, 1, NULL, &len, &m, &flags) < 0)
		return -1;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		if (c->cmsg_level != SOL_SOCKET)
			memcpy(&ee, CMSG_DATA(c), sizeof(ee));
	}
	*number = ee.ee_data;
	return (int)ee.ee_info;
}

static void passed(uint32_t sent, uint32_t acked)
{
	sock_marks_pass(&env, a, sent, acked, &told);
}

TEST(sent_then_acknowledged)
{
	uint32_t n = 0;

	begin(SEND | ACK | SOF_TIMESTAMPING_OPT_ID);
	CHECK(!sock_marks_wait(&env, a));
	wrote("abc", 0, NULL);
	wrote("de", 0, NULL);
	CHECK(sock_marks_wait(&env, a));
	passed(2, 0);
	CHECK_INT(next(&n), ==, -1);
	passed(3, 0);
	CHECK_INT(next(&n), ==, SCM_TSTAMP_SND);
	CHECK_INT(n, ==, 2);
	passed(5, 2);
	CHECK_INT(next(&n), ==, SCM_TSTAMP_SND);
	CHECK_INT(n, ==, 4);
	CHECK_INT(next(&n), ==, -1);
	passed(5, 5);
	CHECK_INT(next(&n), ==, SCM_TSTAMP_ACK);
	CHECK_INT(n, ==, 2);
	CHECK_INT(next(&n), ==, SCM_TSTAMP_ACK);
	CHECK_INT(n, ==, 4);
	CHECK_INT(told, ==, 0);
	passed(5, 5);
	CHECK_INT(next(&n), ==, -1);
}

/* MSG_MORE: the next write's takes its place, if they leave together. */
TEST(overtaken)
{
	uint32_t n;

	begin(SEND);
	wrote("ab", MSG_MORE, NULL);
	wrote("c", 0, NULL);
	passed(3, 3);
	CHECK_INT(next(&n), ==, SCM_TSTAMP_SND);
	CHECK_INT(next(&n), ==, -1);
	wrote("de", MSG_MORE, NULL);
	passed(5, 3);
	CHECK_INT(next(&n), ==, SCM_TSTAMP_SND);
	/* The next one's bytes are sent before its mark is seen. */
	wrote("f", MSG_MORE, NULL);
	passed(7, 3);
	CHECK_INT(next(&n), ==, -1);
	wrote("g", 0, NULL);
	passed(7, 3);
	CHECK_INT(next(&n), ==, SCM_TSTAMP_SND);
	CHECK_INT(next(&n), ==, -1);
	/* One that wants no times takes nobody's place. */
	wrote("h", MSG_MORE, NULL);
	CHECK_INT(set_int(a, SOL_SOCKET, SO_TIMESTAMPING, 0), ==, 0);
	wrote("i", 0, NULL);
	passed(9, 9);
	CHECK_INT(next(&n), ==, SCM_TSTAMP_SND);
	CHECK_INT(next(&n), ==, -1);
	CHECK_INT(told, ==, 0);
}

TEST(asked_for_by_one_write)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(uint32_t))];
	} c = { .head = { .cmsg_len = CMSG_LEN(sizeof(uint32_t)),
		.cmsg_level = SOL_SOCKET, .cmsg_type = SO_TIMESTAMPING } };
	struct msghdr m = { .msg_control = &c, .msg_controllen = sizeof(c) };
	uint32_t flags = QUEUED, n;

	begin(0);
	memcpy(CMSG_DATA(&c.head), &flags, sizeof(flags));
	wrote("a", 0, NULL);
	wrote("b", 0, &m);
	wrote("c", 0, NULL);
	passed(3, 3);
	CHECK_INT(next(&n), ==, SCM_TSTAMP_SCHED);
	CHECK_INT(next(&n), ==, -1);
}

/* Nobody acknowledges: at some time there is no room for more marks, which are lost. */
TEST(too_many)
{
	uint32_t n, count = 0;

	begin(ACK | SOF_TIMESTAMPING_OPT_TSONLY);
	for (int k = 0; k < 1000; k++)
		wrote("x", 0, NULL);
	passed(1000, 0);
	CHECK_INT(next(&n), ==, -1);
	passed(1000, 1000);
	while (next(&n) == SCM_TSTAMP_ACK)
		count++;
	CHECK_INT(count, >, 50);
	CHECK_INT(count, <, 1000);
	wrote("y", 0, NULL);
	passed(1001, 1001);
	CHECK_INT(next(&n), ==, SCM_TSTAMP_ACK);
}
