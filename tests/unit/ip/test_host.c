/* The host as a whole: what it starts with, what it shows.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"
#include "check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct text {
	char s[1024];
	size_t n;
};

static void show_iface(void *user, const struct ip_iface_view *v)
{
	struct text *t = user;
	char buf[IPADDR_TEXT_MAX];

	t->n += (size_t)snprintf(t->s + t->n, sizeof(t->s) - t->n, "%u %s %u",
		v->ifindex, v->name, v->mtu);
	for (unsigned i = 0; i < v->naddrs; i++)
		t->n += (size_t)snprintf(t->s + t->n, sizeof(t->s) - t->n,
			" %s/%u", ip_addr_format(&v->addrs[i].addr, buf),
			v->addrs[i].bits);
	t->n += (size_t)snprintf(t->s + t->n, sizeof(t->s) - t->n, "\n");
}

TEST(interfaces)
{
	struct bench *b = bench_new();
	struct text t = { .n = 0 };

	ip_foreach_iface(b->h, show_iface, &t);
	CHECK_STR(t.s, "1 lo 65536 127.0.0.1/8 ::1/128\n"
		"2 eth0 1500 fe80::ff:fe00:1%2/64 10.0.0.1/24 fd00::1/64\n");
	bench_free(b);
}

static void show_route(void *user, const struct ip_route_view *v)
{
	struct text *t = user;
	char dst[IPADDR_TEXT_MAX], via[IPADDR_TEXT_MAX];

	t->n += (size_t)snprintf(t->s + t->n, sizeof(t->s) - t->n,
		"%s/%u %s %u\n", ip_addr_format(&v->dst.addr, dst), v->dst.bits,
		ip_addr_format(&v->gateway, via), v->ifindex);
}

TEST(routes)
{
	struct bench *b = bench_new();
	struct ip_prefix all = bench_prefix("0.0.0.0/0");
	struct ip_addr group = bench_addr("224.0.0.1");
	struct text t = { .n = 0 };

	CHECK_INT(ip_add_route(b->h, &all, &b->peer4, 2), ==, 0);
	CHECK_INT(ip_add_route(b->h, &all, &b->peer4, 2), ==, -EEXIST);
	CHECK_INT(ip_add_route(b->h, &all, &b->peer4, 3), ==, -ENODEV);
	CHECK_INT(ip_add_route(b->h, &all, &b->peer6, 2), ==, -EINVAL);
	CHECK_INT(ip_add_route(b->h, &all, &group, 2), ==, -EINVAL);
	ip_foreach_route(b->h, show_route, &t);
	CHECK_STR(t.s, "fe80::%2/64 none 2\nfd00::/64 none 2\n"
		"10.0.0.0/24 none 2\n0.0.0.0/0 10.0.0.2 2\n");
	bench_free(b);
}

TEST(idle_has_no_deadline)
{
	struct bench *b = bench_new();

	CHECK(instant_is_never(ip_deadline(b->h)));
	bench_meet(b);
	/* The answer to the peer's question used what was learnt from it. */
	CHECK_INT(ip_deadline(b->h).ns - b->now.ns, ==, 5000000000);
	bench_run(b, DURATION_S(9));
	CHECK(instant_is_never(ip_deadline(b->h)));
	b->nframes = 0;
	ip_tick(b->h, b->now);
	CHECK_INT(b->nframes, ==, 0);
	bench_free(b);
}

TEST(names_of_states)
{
	CHECK_STR(neigh_state_name(NEIGH_INCOMPLETE), "INCOMPLETE");
	CHECK_STR(neigh_state_name(NEIGH_FAILED), "FAILED");
}
