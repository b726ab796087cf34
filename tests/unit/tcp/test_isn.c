/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "check.h"
#include "conn.h"
#include "host.h"

static struct tcp_tuple tuple(uint16_t port)
{
	struct tcp_tuple t = { .local = { .port = 80 }, .remote = { .port = port } };

	CHECK_INT(ip_addr_parse("192.0.2.1", &t.local.addr), ==, 0);
	CHECK_INT(ip_addr_parse("192.0.2.2", &t.remote.addr), ==, 0);
	return t;
}

/* RFC 6528 3: a clock of 4 us on top of what only we can compute. */
TEST(one_name_one_clock)
{
	struct tcp t = { .cfg.isn_key = { { 1, 2 } } };
	struct tcp_tuple a = tuple(1000);
	struct instant now = { 5000000000 };
	struct seq first = tcp_new_isn(&t, now, &a);

	for (int k = 1; k <= 1000; k++) {
		struct instant later = { now.ns + 4000ll * k };

		CHECK_INT(seq_diff(tcp_new_isn(&t, later, &a), first), ==, k);
	}
}

TEST(another_name_or_key_tells_nothing)
{
	struct tcp t = { .cfg.isn_key = { { 1, 2 } } };
	struct tcp u = { .cfg.isn_key = { { 1, 3 } } };
	struct instant now = { 5000000000 };
	unsigned near = 0;

	for (uint16_t port = 1; port < 1000; port++) {
		struct tcp_tuple a = tuple(port), b = tuple(port + 1);
		int32_t d = seq_diff(tcp_new_isn(&t, now, &a), tcp_new_isn(&t, now, &b));
		int32_t e = seq_diff(tcp_new_isn(&t, now, &a), tcp_new_isn(&u, now, &a));

		near += d > -(1 << 20) && d < 1 << 20;
		near += e > -(1 << 20) && e < 1 << 20;
		CHECK(tcp_new_ts_offset(&t, &a) != tcp_new_ts_offset(&t, &b));
	}
	CHECK_INT(near, <, 10); /* by chance one in two thousand */
}
