/* A pair in virtual time: what goes in comes out at the other end, when it
 * should, and every frame is accounted for.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "link/link.h"
#include "private.h"

#define SEEN_MAX 4096

struct end {
	struct link *link;
	int port;
	int count;
	bool echo; /* send back whatever comes */
	struct {
		struct instant at;
		size_t len;
		uint32_t tag;
	} seen[SEEN_MAX];
};

static struct end ends[2];
static struct link *pair;

static void send_tagged(struct link *l, int port, struct instant now,
	uint32_t tag, size_t len)
{
	static uint8_t bytes[LINK_FRAME_MAX];
	struct span s[2] = { { bytes, 14 }, { bytes + 14, len - 14 } };

	memcpy(bytes + 14, &tag, sizeof(tag));
	bytes[len - 1] = (uint8_t)tag;
	link_send(l, port, now, s, 2);
}

static void deliver(void *user, struct instant now, const void *frame,
	size_t len)
{
	struct end *e = user;

	CHECK_INT(e->count, <, SEEN_MAX);
	e->seen[e->count].at = now;
	e->seen[e->count].len = len;
	memcpy(&e->seen[e->count++].tag, (const uint8_t *)frame + 14, 4);
	if (e->echo)
		send_tagged(e->link, e->port, now, 0, len);
}

static void setup(const struct link_impair *c, uint64_t seed)
{
	pair = link_new_pair("wire", seed);
	CHECK(pair != NULL);
	for (int i = 0; i < 2; i++) {
		struct link_port_ops ops = { deliver, &ends[i], NULL, NULL };

		memset(&ends[i], 0, sizeof(ends[i]));
		ends[i].link = pair;
		ends[i].port = link_add_port(pair, &ops);
		CHECK_INT(ends[i].port, ==, i);
	}
	if (c)
		CHECK_INT(link_set_impair(pair, c), ==, 0);
}

/* Virtual time: jump from one deadline to the next. */
static void run(void)
{
	while (!instant_is_never(link_deadline(pair)))
		link_tick(pair, link_deadline(pair));
}

TEST(pair_has_two_ports_and_a_name)
{
	struct link_port_ops ops = { deliver, &ends[0], NULL, NULL };

	setup(NULL, 1);
	CHECK_INT(link_add_port(pair, &ops), ==, -ENOSPC);
	CHECK_STR(link_name(pair), "wire");
	CHECK_INT(link_fd(pair), ==, -1);
	CHECK_INT(link_readable(pair, (struct instant){ 0 }, 10), ==, 0);
	CHECK_STR(link_ifname(pair), "");
	link_free(pair);
}

TEST(pair_carries_both_ways)
{
	struct link_port_stats s;

	setup(NULL, 1);
	CHECK(instant_is_never(link_deadline(pair)));
	send_tagged(pair, 0, (struct instant){ 5 }, 0x11, 60);
	send_tagged(pair, 1, (struct instant){ 6 }, 0x22, 1514);
	CHECK_INT(ends[1].count, ==, 0); /* never from within link_send */
	CHECK_INT(link_deadline(pair).ns, ==, 5);
	run();
	CHECK_INT(ends[0].count, ==, 1);
	CHECK_INT(ends[1].count, ==, 1);
	CHECK_INT(ends[1].seen[0].tag, ==, 0x11);
	CHECK_INT(ends[1].seen[0].len, ==, 60);
	CHECK_INT(ends[0].seen[0].tag, ==, 0x22);
	CHECK_INT(ends[0].seen[0].len, ==, 1514);
	link_get_stats(pair, 0, &s);
	CHECK_INT(s.frames_in, ==, 1);
	CHECK_INT(s.bytes_in, ==, 60);
	CHECK_INT(s.frames_out, ==, 1);
	CHECK_INT(s.bytes_out, ==, 1514);
	link_free(pair);
}

TEST(pair_delays_exactly)
{
	struct link_impair c = { .delay = DURATION_MS(10) };

	setup(&c, 1);
	for (int i = 0; i < 100; i++)
		send_tagged(pair, 0, (struct instant){ i * 1000 }, (uint32_t)i, 60);
	run();
	CHECK_INT(ends[1].count, ==, 100);
	for (int i = 0; i < 100; i++) {
		CHECK_INT(ends[1].seen[i].tag, ==, i);
		CHECK_INT(ends[1].seen[i].at.ns, ==, i * 1000 + 10000000);
	}
	link_free(pair);
}

TEST(pair_keeps_order_under_jitter)
{
	struct link_impair c = { .delay = DURATION_MS(5),
		.jitter = DURATION_MS(5) };

	setup(&c, 1);
	for (int i = 0; i < 1000; i++)
		send_tagged(pair, 0, (struct instant){ i * 1000 }, (uint32_t)i, 60);
	run();
	CHECK_INT(ends[1].count, ==, 1000);
	for (int i = 0; i < 1000; i++)
		CHECK_INT(ends[1].seen[i].tag, ==, i);
	link_free(pair);
}

TEST(pair_reorders_when_told)
{
	struct link_impair c = { .delay = DURATION_MS(5), .reorder = 0.25 };
	struct link_port_stats s;
	int overtaken = 0;

	setup(&c, 1);
	for (int i = 0; i < 1000; i++) {
		send_tagged(pair, 0, (struct instant){ i * 1000 }, (uint32_t)i, 60);
		link_tick(pair, (struct instant){ i * 1000 });
	}
	run();
	CHECK_INT(ends[1].count, ==, 1000);
	for (int i = 1; i < 1000; i++)
		overtaken += ends[1].seen[i].tag < ends[1].seen[i - 1].tag;
	CHECK_INT(overtaken, >, 0);
	link_get_stats(pair, 0, &s);
	CHECK_INT(s.reordered, >, 200);
	CHECK_INT(s.reordered, <, 300);
	link_free(pair);
}

TEST(pair_counts_what_it_drops)
{
	struct link_impair c = { .loss = 0.2, .duplicate = 0.1, .corrupt = 0.1 };
	struct link_port_stats s, other;

	setup(&c, 1);
	for (int i = 0; i < 2000; i++)
		send_tagged(pair, 0, (struct instant){ i }, (uint32_t)i, 60);
	run();
	link_get_stats(pair, 0, &s);
	link_get_stats(pair, 1, &other);
	CHECK_INT(s.frames_in, ==, 2000);
	CHECK(s.lost > 300 && s.lost < 500);
	CHECK(s.duplicated > 100 && s.corrupted > 100);
	CHECK_INT(ends[1].count, ==, 2000 - s.lost + s.duplicated);
	CHECK_INT(other.frames_out, ==, ends[1].count);
	CHECK_INT(other.lost, ==, 0);
	link_free(pair);
}

TEST(pair_overflows_its_queue)
{
	struct link_impair c = { .rate = 12000000, .queue = 10 };
	struct link_port_stats s;

	setup(&c, 1);
	for (int i = 0; i < 30; i++)
		send_tagged(pair, 0, (struct instant){ 0 }, (uint32_t)i, 1500);
	run();
	link_get_stats(pair, 0, &s);
	CHECK_INT(s.queue_full, ==, 19);
	CHECK_INT(ends[1].count, ==, 11);
	for (int i = 0; i < 11; i++)
		CHECK_INT(ends[1].seen[i].at.ns, ==, (i + 1) * 1000000);
	link_free(pair);
}

TEST(pair_turns_one_bit)
{
	struct link_impair c = { .corrupt = 1, .duplicate = 1 };
	int ones = 0;

	setup(&c, 1);
	send_tagged(pair, 0, (struct instant){ 0 }, 0, 18); /* all zero */
	run();
	CHECK_INT(ends[1].count, ==, 2);
	CHECK_INT(ends[1].seen[0].tag, ==, ends[1].seen[1].tag);
	for (int i = 0; i < 200; i++) {
		ends[1].count = 0;
		send_tagged(pair, 0, (struct instant){ i }, 0, 18);
		run();
		CHECK_INT(__builtin_popcount(ends[1].seen[0].tag), <=, 1);
		ones += __builtin_popcount(ends[1].seen[0].tag);
	}
	CHECK_INT(ones, >, 20); /* 4 bytes of 18 */
	link_free(pair);
}

/* Two hosts that answer each other at once must not hold link_tick(). */
TEST(pair_tick_is_bounded)
{
	setup(NULL, 1);
	ends[0].echo = ends[1].echo = true;
	send_tagged(pair, 0, (struct instant){ 9 }, 1, 60);
	for (int i = 1; i <= 10; i++) {
		CHECK_INT(link_deadline(pair).ns, ==, 9);
		link_tick(pair, (struct instant){ 9 });
		CHECK_INT(ends[0].count + ends[1].count, ==, i);
	}
	link_free(pair); /* with one under way */
}

TEST(pair_same_seed_same_fate)
{
	struct link_impair c = { .delay = DURATION_MS(5), .jitter = DURATION_MS(2),
		.loss = 0.1, .duplicate = 0.05, .rate = 50000000 };
	static struct end first;

	for (int round = 0; round < 3; round++) {
		setup(&c, round < 2 ? 7 : 8);
		for (int i = 0; i < 1000; i++)
			send_tagged(pair, 0, (struct instant){ i * 250000 },
				(uint32_t)i, 1500);
		run();
		if (round == 0)
			first = ends[1];
		else if (round == 1)
			CHECK_MEM(ends[1].seen, first.seen, sizeof(first.seen));
		else
			CHECK(memcmp(ends[1].seen, first.seen,
				sizeof(first.seen)) != 0);
		link_free(pair);
	}
}

/* The fate of one direction is the same whatever the other does. */
TEST(pair_directions_are_independent)
{
	struct link_impair c = { .loss = 0.3 };
	static struct end first;

	for (int round = 0; round < 2; round++) {
		setup(&c, 7);
		for (int i = 0; i < 500; i++) {
			send_tagged(pair, 0, (struct instant){ i }, (uint32_t)i, 60);
			if (round)
				send_tagged(pair, 1, (struct instant){ i }, 0, 60);
		}
		run();
		if (round == 0)
			first = ends[1];
		else
			CHECK_MEM(ends[1].seen, first.seen, sizeof(first.seen));
		link_free(pair);
	}
}

/* ... but not the same: nor are those of two links with one seed. */
TEST(pair_directions_and_links_differ)
{
	struct link_impair c = { .loss = 0.5 };
	static struct end first;

	setup(&c, 7);
	for (int i = 0; i < 500; i++) {
		send_tagged(pair, 0, (struct instant){ i }, (uint32_t)i, 60);
		send_tagged(pair, 1, (struct instant){ i }, (uint32_t)i, 60);
	}
	run();
	first = ends[1];
	CHECK(memcmp(ends[0].seen, first.seen, sizeof(first.seen)) != 0);
	link_free(pair);

	pair = link_new_pair("other", 7);
	for (int i = 0; i < 2; i++) {
		struct link_port_ops ops = { deliver, &ends[i], NULL, NULL };

		memset(&ends[i], 0, sizeof(ends[i]));
		link_add_port(pair, &ops);
	}
	CHECK_INT(link_set_impair(pair, &c), ==, 0);
	for (int i = 0; i < 500; i++)
		send_tagged(pair, 0, (struct instant){ i }, (uint32_t)i, 60);
	run();
	CHECK(memcmp(ends[1].seen, first.seen, sizeof(first.seen)) != 0);
	link_free(pair);
}

TEST(pair_changes_while_frames_are_under_way)
{
	struct link_impair c = { .delay = DURATION_MS(10) }, got;

	setup(&c, 1);
	send_tagged(pair, 0, (struct instant){ 0 }, 1, 60);
	c.delay = DURATION_MS(1);
	CHECK_INT(link_set_impair(pair, &c), ==, 0);
	send_tagged(pair, 0, (struct instant){ 0 }, 2, 60);
	c.loss = 7;
	CHECK_INT(link_set_impair(pair, &c), ==, -EINVAL);
	link_get_impair(pair, &got);
	CHECK_INT(got.delay.ns, ==, 1000000);
	CHECK(got.loss == 0);
	run();
	/* the first keeps its time, the second does not overtake it */
	CHECK_INT(ends[1].seen[0].tag, ==, 1);
	CHECK_INT(ends[1].seen[0].at.ns, ==, 10000000);
	CHECK_INT(ends[1].seen[1].at.ns, ==, 10000000);
	send_tagged(pair, 0, (struct instant){ 20000000 }, 3, 60);
	run();
	CHECK_INT(ends[1].seen[2].at.ns, ==, 21000000);
	link_free(pair);
}

TEST(pair_refuses_what_is_no_frame)
{
	static uint8_t bytes[LINK_FRAME_MAX + 1];
	struct span small = { bytes, 13 }, none = { NULL, 0 };
	struct span big[2] = { { bytes, 1 }, { bytes, LINK_FRAME_MAX } };
	struct span most = { bytes, LINK_FRAME_MAX };
	struct link_port_stats s;

	setup(NULL, 1);
	link_send(pair, 0, (struct instant){ 0 }, &small, 1);
	link_send(pair, 0, (struct instant){ 0 }, &none, 1);
	link_send(pair, 0, (struct instant){ 0 }, NULL, 0);
	link_send(pair, 0, (struct instant){ 0 }, big, 2);
	link_send(pair, 2, (struct instant){ 0 }, &most, 1); /* no such port */
	link_send(pair, -1, (struct instant){ 0 }, &most, 1);
	link_send(pair, 0, (struct instant){ 0 }, &most, 1);
	run();
	link_get_stats(pair, 0, &s);
	CHECK_INT(s.invalid, ==, 4);
	CHECK_INT(s.frames_in, ==, 1);
	CHECK_INT(ends[1].count, ==, 1);
	CHECK_INT(ends[1].seen[0].len, ==, LINK_FRAME_MAX);
	link_free(pair);
}

TEST(pair_unplugged_swallows)
{
	struct link_port_ops ops = { deliver, &ends[0], NULL, NULL };
	struct link *l = link_new_pair("half", 1);

	CHECK_INT(link_add_port(l, &ops), ==, 0);
	send_tagged(l, 0, (struct instant){ 0 }, 1, 60);
	CHECK(instant_is_never(link_deadline(l)));
	CHECK_INT(l->pool.used, ==, 0);
	link_free(l);
}

/* Memory is bounded, and comes back. */
TEST(pair_bounds_frames_under_way)
{
	struct link_impair c = { .delay = DURATION_S(1) };
	struct link_port_stats s;

	setup(&c, 1);
	frame_pool_fini(&pair->pool);
	frame_pool_init(&pair->pool, 1 << 20);
	for (int i = 0; i < 1000; i++)
		send_tagged(pair, 0, (struct instant){ 0 }, (uint32_t)i, 1514);
	link_get_stats(pair, 0, &s);
	CHECK(s.queue_full > 300 && s.queue_full < 600);
	run();
	CHECK_INT(ends[1].count, ==, 1000 - s.queue_full);
	CHECK_INT(pair->pool.used, ==, 0);
	link_free(pair);
}

/* A device that refuses: the verbs of a driver are all that a further kind of
 * link must bring. */
static int device_answer, device_writes;
static size_t device_bytes;

static int device_transmit(struct link *l, const struct span *spans, unsigned n,
	const struct offload *o)
{
	for (unsigned i = 0; i < n; i++)
		device_bytes += spans[i].len;
	device_writes++;
	return device_answer;
}

static void device_route(struct link *l, int from, struct instant now,
	struct frame *f)
{
	link_cross(l, from, from == LINK_DEVICE ? 0 : LINK_DEVICE, now, f);
}

static const struct link_driver device_driver = {
	.ports_max = 1,
	.route = device_route,
	.transmit = device_transmit,
};

TEST(device_refusals_are_counted)
{
	struct link_impair c = { .delay = DURATION_MS(1) };
	struct link_port_ops ops = { deliver, &ends[0], NULL, NULL };
	struct link_port_stats s;

	pair = link_new("dev", 1, &device_driver, NULL);
	CHECK_INT(link_add_port(pair, &ops), ==, 0);
	send_tagged(pair, 0, (struct instant){ 0 }, 1, 60);
	CHECK_INT(device_writes, ==, 1); /* at once, and uncopied */
	CHECK_INT(device_bytes, ==, 60);
	CHECK_INT(pair->pool.bytes, ==, 0);
	device_answer = -EAGAIN;
	send_tagged(pair, 0, (struct instant){ 0 }, 2, 60);
	device_answer = -EIO;
	send_tagged(pair, 0, (struct instant){ 0 }, 3, 60);
	CHECK_INT(link_set_impair(pair, &c), ==, 0);
	send_tagged(pair, 0, (struct instant){ 0 }, 4, 60);
	CHECK_INT(device_writes, ==, 3);
	device_answer = -EAGAIN;
	run();
	CHECK_INT(device_writes, ==, 4);
	link_get_stats(pair, 0, &s);
	CHECK_INT(s.frames_in, ==, 4);
	CHECK_INT(s.queue_full, ==, 2);
	CHECK_INT(s.lost, ==, 1);
	link_free(pair);
}

/* No impairment any more, but a frame still under way: the next must not
 * overtake it. */
TEST(device_keeps_order_when_impairments_end)
{
	struct link_impair c = { .delay = DURATION_MS(1) }, none = { 0 };
	struct link_port_ops ops = { deliver, &ends[0], NULL, NULL };

	pair = link_new("dev", 1, &device_driver, NULL);
	link_add_port(pair, &ops);
	link_set_impair(pair, &c);
	send_tagged(pair, 0, (struct instant){ 0 }, 4, 60);
	link_set_impair(pair, &none);
	send_tagged(pair, 0, (struct instant){ 1 }, 5, 70);
	CHECK_INT(device_writes, ==, 0);
	link_tick(pair, (struct instant){ 999999 });
	CHECK_INT(device_writes, ==, 0);
	link_tick(pair, (struct instant){ 1000000 });
	CHECK_INT(device_writes, ==, 2);
	link_free(pair);
}

/* A super-segment of 2,500 bytes of text crosses whole while nobody needs frames. */
static struct {
	int frames, supers;
	size_t bytes;
} came;

static void take_frame(void *user, struct instant now, const void *frame, size_t len)
{
	came.frames++;
	came.bytes += len;
}

static void take_super(void *user, struct instant now, const void *frame, size_t len,
	const struct offload *o)
{
	CHECK_INT(o->segment, ==, 1000);
	CHECK(o->unsummed);
	came.supers++;
	came.bytes += len;
}

static void send_super(struct instant now)
{
	static uint8_t bytes[54 + 2500] = { [12] = 8, [14] = 0x45, [23] = 6, [46] = 0x50 };
	struct offload o = { 1000, 34, 16, true };
	struct span s[2] = { { bytes, 54 }, { bytes + 54, 2500 } };

	memset(&came, 0, sizeof(came));
	link_send_super(pair, 0, now, s, 2, &o);
	run();
}

static void setup_supers(bool both)
{
	struct link_port_ops ops = { take_frame, NULL, take_super, NULL };

	pair = link_new_pair("wire", 1);
	link_add_port(pair, &ops);
	if (!both)
		ops.deliver_super = NULL;
	link_add_port(pair, &ops);
}

TEST(super_segments_cross_whole_where_they_may)
{
	struct link_impair c = { .delay = DURATION_MS(1) }, nothing = { 0 };
	struct link_port_stats st;

	setup_supers(true);
	send_super((struct instant){ 0 });
	CHECK_INT(came.supers, ==, 1);
	CHECK_INT(came.frames, ==, 0);
	CHECK_INT(came.bytes, ==, 2554);
	CHECK_INT(link_set_impair(pair, &c), ==, 0);
	send_super((struct instant){ 1 });
	CHECK_INT(came.supers, ==, 0);
	CHECK_INT(came.frames, ==, 3);
	CHECK_INT(came.bytes, ==, 2500 + 3 * 54);
	CHECK_INT(link_set_impair(pair, &nothing), ==, 0);
	send_super((struct instant){ 2 });
	CHECK_INT(came.supers, ==, 1);
	link_get_stats(pair, 0, &st);
	CHECK_INT(st.frames_in, ==, 5);
	link_free(pair);
}

static struct {
	bool willing;
	int offers;
	size_t bytes;
	const uint8_t *text;
} straight;

static bool take_straight(void *user, struct instant now, const struct span *spans,
	unsigned n, size_t len, const struct offload *o)
{
	CHECK_INT(n, ==, 2);
	CHECK_INT(spans[0].len + spans[1].len, ==, len);
	CHECK_INT(o->segment, ==, 1000);
	straight.offers++;
	if (!straight.willing)
		return false;
	straight.bytes += len;
	straight.text = spans[1].base;
	return true;
}

static void setup_straight(bool willing)
{
	struct link_port_ops ops = { take_frame, NULL, take_super, take_straight };

	pair = link_new_pair("wire", 1);
	link_add_port(pair, &ops);
	link_add_port(pair, &ops);
	memset(&straight, 0, sizeof(straight));
	straight.willing = willing;
}

TEST(super_segments_are_taken_straight)
{
	struct link_port_stats st;

	setup_straight(true);
	send_super((struct instant){ 0 });
	CHECK_INT(straight.offers, ==, 1);
	CHECK_INT(straight.bytes, ==, 2554);
	CHECK(straight.text != NULL);
	CHECK_INT(came.supers + came.frames, ==, 0);
	link_get_stats(pair, 0, &st);
	CHECK_INT(st.frames_in, ==, 1);
	link_get_stats(pair, 1, &st);
	CHECK_INT(st.frames_out, ==, 1);
	CHECK_INT(st.bytes_out, ==, 2554);
	link_free(pair);
}

TEST(who_will_not_now_gets_them_later)
{
	setup_straight(false);
	send_super((struct instant){ 0 });
	CHECK_INT(straight.offers, ==, 1);
	CHECK_INT(came.supers, ==, 1);
	CHECK_INT(came.bytes, ==, 2554);
	link_free(pair);
}

/* Nor the other way round: what goes there waits for nobody who comes from there. */
TEST(straight_overtakes_nothing)
{
	setup_straight(true);
	send_tagged(pair, 0, (struct instant){ 0 }, 1, 60);
	send_super((struct instant){ 0 }); /* runs: both are delivered */
	CHECK_INT(straight.offers, ==, 0);
	CHECK_INT(came.supers, ==, 1);
	send_tagged(pair, 1, (struct instant){ 1 }, 1, 60);
	send_super((struct instant){ 1 });
	CHECK_INT(straight.offers, ==, 1);
	link_free(pair);
}

TEST(nothing_goes_straight_through_impairments)
{
	struct link_impair c = { .delay = DURATION_MS(1) };

	setup_straight(true);
	CHECK_INT(link_set_impair(pair, &c), ==, 0);
	send_super((struct instant){ 0 });
	CHECK_INT(straight.offers, ==, 0);
	CHECK_INT(came.frames, ==, 3);
	link_free(pair);
}

TEST(super_segments_are_cut_for_who_takes_none)
{
	setup_supers(false);
	send_super((struct instant){ 0 });
	CHECK_INT(came.supers, ==, 0);
	CHECK_INT(came.frames, ==, 3);
	link_free(pair);
}

TEST(super_segments_that_are_none_are_dropped)
{
	struct offload o = { 1000, 90, 16, true };
	struct span s = { (const uint8_t *)"", 0 };
	struct link_port_stats st;

	setup_supers(false);
	link_send_super(pair, 0, (struct instant){ 0 }, &s, 1, &o);
	link_get_stats(pair, 0, &st);
	CHECK_INT(st.invalid, ==, 1);
	CHECK_INT(st.frames_in, ==, 0);
	link_free(pair);
}
