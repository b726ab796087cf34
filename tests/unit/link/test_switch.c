/* The switch learns, floods what it does not know, forgets, and stays within
 * its limits whatever addresses hosts make up.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "link/link.h"

#define PORTS 4

static int seen[LINK_PORTS_MAX];
static struct link *sw;

static void deliver(void *user, struct instant now, const void *frame,
	size_t len)
{
	(*(int *)user)++;
}

static void setup(int ports)
{
	sw = link_new_switch("sw", 1);
	CHECK(sw != NULL);
	for (int i = 0; i < ports; i++) {
		struct link_port_ops ops = { deliver, &seen[i], NULL, NULL };

		CHECK_INT(link_add_port(sw, &ops), ==, i);
	}
}

static void pass_raw(int port, struct instant now, const uint8_t dst[6],
	const uint8_t src[6])
{
	uint8_t f[60] = { 0 };
	struct span s = { f, sizeof(f) };

	memcpy(f, dst, 6);
	memcpy(f + 6, src, 6);
	memset(seen, 0, sizeof(seen));
	link_send(sw, port, now, &s, 1);
	while (!instant_is_never(link_deadline(sw)))
		link_tick(sw, link_deadline(sw));
}

/* From host `src` to host `dst`, 255: everybody; at second s. */
static void pass(int port, int64_t s, uint8_t dst, uint8_t src)
{
	uint8_t d[6] = { 2, 0, 0, 0, 0, dst }, e[6] = { 2, 0, 0, 0, 0, src };

	if (dst == 255)
		memset(d, 255, 6);
	pass_raw(port, (struct instant){ s * 1000000000 }, d, e);
}

static void check_seen(int a, int b, int c, int d)
{
	CHECK_INT(seen[0], ==, a);
	CHECK_INT(seen[1], ==, b);
	CHECK_INT(seen[2], ==, c);
	CHECK_INT(seen[3], ==, d);
}

TEST(switch_floods_then_learns)
{
	setup(PORTS);
	pass(0, 0, 2, 1);
	check_seen(0, 1, 1, 1);
	pass(2, 0, 1, 2); /* the answer goes to port 0 alone */
	check_seen(1, 0, 0, 0);
	pass(0, 0, 2, 1);
	check_seen(0, 0, 1, 0);
	pass(1, 0, 255, 3); /* broadcast */
	check_seen(1, 0, 1, 1);
	link_free(sw);
}

TEST(switch_follows_a_host_that_moves)
{
	setup(PORTS);
	pass(0, 0, 9, 1);
	pass(3, 1, 9, 1); /* host 1 is now at port 3 */
	pass(1, 2, 1, 5);
	check_seen(0, 0, 0, 1);
	pass(3, 3, 1, 6); /* and its neighbour there needs no switch */
	check_seen(0, 0, 0, 0);
	link_free(sw);
}

TEST(switch_forgets_after_five_minutes)
{
	setup(PORTS);
	pass(0, 0, 9, 1);
	pass(1, 300, 1, 5);
	check_seen(1, 0, 0, 0);
	pass(1, 301, 1, 5);
	check_seen(1, 0, 1, 1);
	link_free(sw);
}

TEST(switch_does_not_learn_group_addresses)
{
	static const uint8_t group[6] = { 1, 0, 0x5e, 0, 0, 1 };
	static const uint8_t host[6] = { 2, 0, 0, 0, 0, 7 };

	setup(PORTS);
	pass_raw(0, (struct instant){ 0 }, host, group); /* a forged source */
	pass_raw(1, (struct instant){ 0 }, group, host);
	check_seen(1, 0, 1, 1);
	link_free(sw);
}

TEST(switch_keeps_reserved_addresses_to_itself)
{
	static const uint8_t stp[6] = { 1, 0x80, 0xc2, 0, 0, 0 };
	static const uint8_t lldp[6] = { 1, 0x80, 0xc2, 0, 0, 0x0e };
	static const uint8_t other[6] = { 1, 0x80, 0xc2, 0, 0, 0x10 };
	static const uint8_t host[6] = { 2, 0, 0, 0, 0, 7 };

	setup(PORTS);
	pass_raw(0, (struct instant){ 0 }, stp, host);
	check_seen(0, 0, 0, 0);
	pass_raw(0, (struct instant){ 0 }, lldp, host);
	check_seen(0, 0, 0, 0);
	pass_raw(0, (struct instant){ 0 }, other, host);
	check_seen(0, 1, 1, 1);
	link_free(sw);
}

/* A host that makes up addresses fills the table; a host that speaks is found
 * again, and nothing is ever sent to a wrong port. */
TEST(switch_survives_made_up_addresses)
{
	uint8_t src[6] = { 2, 0xff }, dst[6] = { 2, 0xee };

	setup(PORTS);
	for (uint32_t i = 0; i < 20000; i++) {
		memcpy(src + 2, &i, 4);
		pass_raw(3, (struct instant){ i }, dst, src);
	}
	pass(0, 1, 9, 1);
	pass(1, 1, 1, 5);
	check_seen(1, 0, 0, 0);
	link_free(sw);
}

TEST(switch_has_a_limit_of_ports)
{
	struct link_port_ops ops = { deliver, &seen[0], NULL, NULL };

	setup(LINK_PORTS_MAX);
	CHECK_INT(link_add_port(sw, &ops), ==, -ENOSPC);
	pass(0, 0, 255, 1);
	CHECK_INT(seen[0], ==, 0);
	for (int i = 1; i < LINK_PORTS_MAX; i++)
		CHECK_INT(seen[i], ==, 1);
	link_free(sw);
}

/* Each receiver has a fate of its own, counted at the sender. */
TEST(switch_loses_copies_one_by_one)
{
	struct link_impair c = { .loss = 0.5 };
	struct link_port_stats s;
	int got = 0;

	setup(PORTS);
	CHECK_INT(link_set_impair(sw, &c), ==, 0);
	for (int i = 0; i < 300; i++) {
		pass(0, i, 255, 1);
		got += seen[1] + seen[2] + seen[3];
	}
	link_get_stats(sw, 0, &s);
	CHECK_INT(s.frames_in, ==, 300);
	CHECK_INT(s.lost, ==, 900 - got);
	CHECK(got > 390 && got < 510);
	link_free(sw);
}

/* Two senders share the rate of the one port they send to. */
TEST(switch_queues_at_the_way_out)
{
	struct link_impair c = { .rate = 480000, .queue = 4 }; /* 1 ms a frame */
	static const uint8_t a[6] = { 2, 0, 0, 0, 0, 1 };
	struct link_port_stats s1, s2;
	uint8_t f[60] = { 0 };
	struct span span = { f, sizeof(f) };

	setup(PORTS);
	pass(0, 0, 9, 1);
	CHECK_INT(link_set_impair(sw, &c), ==, 0);
	memcpy(f, a, 6);
	memset(seen, 0, sizeof(seen));
	for (int i = 0; i < 5; i++) {
		f[11] = 2;
		link_send(sw, 1, (struct instant){ 1000 }, &span, 1);
		f[11] = 3;
		link_send(sw, 2, (struct instant){ 1000 }, &span, 1);
	}
	link_get_stats(sw, 1, &s1);
	link_get_stats(sw, 2, &s2);
	CHECK_INT(s1.queue_full + s2.queue_full, ==, 5);
	link_tick(sw, (struct instant){ 5000999 });
	CHECK_INT(seen[0], ==, 4);
	link_tick(sw, (struct instant){ 5001000 });
	CHECK_INT(seen[0], ==, 5);
	link_free(sw);
}
