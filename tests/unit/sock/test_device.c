/* Streams on one interface: which of them meet within the host, as Linux 6.18 has it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "world_connect.h"

enum { LO = 1, ETH0 = 2, ETH1 = 3 };

static void two_interfaces(void)
{
	struct shm_header *h;

	world_init();
	h = arena.hdr;
	h->addrs[2] = (struct shm_addr){ .family = IP_V4, .bits = 24, .b = { 10, 0, 1, 1 } };
	h->addr_ifindex[2] = ETH1;
	h->n_addrs = 3;
	h->ifaces[2] = (struct shm_iface){ "eth1", .up = 1, .mtu = 1500 };
	h->n_ifaces = 3;
}

static uint32_t on(uint32_t i, uint32_t device)
{
	at(i)->opts.bound_if = device;
	return i;
}

/* What becomes of a connection from `mine` to a listener on `theirs`; *child is its
 * end's interface, if it met. */
static int met(uint32_t mine, uint32_t theirs, const char *to, enum sock_route *route,
	uint32_t *child)
{
	uint32_t l = on(listener(strchr(to, ':') ? "::" : "0.0.0.0", 0), theirs);
	uint32_t c = on(make(strchr(to, ':') ? AF_INET6 : AF_INET, SOCK_STREAM, 0), mine);
	uint32_t from = 0, embryo = 0;
	union name n;
	socklen_t len = name_of(&n, to, port_of(l));
	int r;

	*route = SOCK_ROUTE_NET;
	r = sock_connect_begin(&env, c, &n.sa, len, route, &from, &embryo);
	*child = embryo ? at(embryo)->opts.bound_if : 99;
	if (embryo)
		CHECK_INT(from, ==, l);
	return r;
}

#define CHECK_MET(mine, theirs, to, result, way, bound) \
	do { \
		enum sock_route route; \
		uint32_t child; \
		CHECK_INT(met(mine, theirs, to, &route, &child), ==, result); \
		if ((result) == 0) \
			CHECK_INT(route, ==, way); \
		CHECK_INT(child, ==, bound); \
	} while (0)

TEST(a_listener_hears_its_interface)
{
	two_interfaces();
	CHECK_MET(0, 0, "10.0.0.1", 0, SOCK_ROUTE_LOCAL, 0);
	CHECK_MET(0, LO, "127.0.0.1", 0, SOCK_ROUTE_LOCAL, LO);
	CHECK_MET(0, LO, "10.0.0.1", -ECONNREFUSED, 0, 99);
	CHECK_MET(0, ETH0, "10.0.0.1", 0, SOCK_ROUTE_LOCAL, ETH0);
	CHECK_MET(0, ETH0, "10.0.1.1", -ECONNREFUSED, 0, 99);
	CHECK_MET(0, ETH0, "127.0.0.1", -ECONNREFUSED, 0, 99);
	CHECK_MET(0, ETH0, "2001:db8::1", 0, SOCK_ROUTE_LOCAL, ETH0);
	CHECK_MET(0, ETH1, "2001:db8::1", -ECONNREFUSED, 0, 99);
}

TEST(a_caller_goes_by_its_interface)
{
	two_interfaces();
	CHECK_MET(ETH0, 0, "10.0.0.1", 0, SOCK_ROUTE_LOCAL, 0);
	CHECK_MET(LO, 0, "127.0.0.1", 0, SOCK_ROUTE_LOCAL, 0);
	CHECK_MET(LO, LO, "10.0.0.1", 0, SOCK_ROUTE_LOCAL, LO);
	CHECK_MET(ETH0, ETH0, "10.0.0.1", 0, SOCK_ROUTE_LOCAL, ETH0);
	/* They leave the host, or their answers come by another: for the stack. */
	CHECK_MET(ETH0, 0, "127.0.0.1", 0, SOCK_ROUTE_NET, 99);
	CHECK_MET(ETH0, 0, "10.0.1.1", 0, SOCK_ROUTE_NET, 99);
	CHECK_MET(LO, 0, "10.0.0.1", 0, SOCK_ROUTE_NET, 99);
	CHECK_MET(LO, ETH0, "10.0.0.1", 0, SOCK_ROUTE_NET, 99);
	CHECK_MET(ETH0, 0, "::1", -ENETUNREACH, 0, 99);
	CHECK_MET(LO, 0, "2001:db8::1", -ENETUNREACH, 0, 99);
}

TEST(by_lo_the_source_is_another_interface_s)
{
	uint32_t l, c, embryo = 0;

	two_interfaces();
	l = on(listener("0.0.0.0", 0), LO);
	c = on(tcp(), LO);
	CHECK_INT(connect_to(c, "10.0.1.1", port_of(l), &embryo), ==, 0);
	CHECK_INT(at(c)->local.b[2], ==, 0); /* 10.0.0.1, the first there is */
	CHECK_INT(at(embryo)->local.b[2], ==, 1);
}

TEST(two_listeners_of_one_port)
{
	struct shm_addr at1 = { .family = IP_V4, .b = { 10, 0, 0, 1 } };
	struct shm_addr from = { .family = IP_V4, .port = 5, .b = { 10, 0, 0, 9 } };
	uint32_t a, b;

	two_interfaces();
	a = on(listener("0.0.0.0", 0), ETH0);
	at1.port = port_of(a);
	b = on(tcp(), ETH1);
	CHECK_INT(bind_to(b, "0.0.0.0", at1.port), ==, 0);
	CHECK_INT(sock_listen(&env, b, 5), ==, 0);
	CHECK_INT(sock_find_listener(&env, &at1, &from, ETH0), ==, a);
	CHECK_INT(sock_find_listener(&env, &at1, &from, ETH1), ==, b);
	CHECK_INT(sock_find_listener(&env, &at1, &from, LO), ==, 0);
}

TEST(a_link_local_address_brings_its_interface)
{
	union name n = { 0 };
	enum sock_route route;
	uint32_t c, l, em;
	socklen_t len;

	two_interfaces();
	len = name_of(&n, "fe80::9", 80);
	c = make(AF_INET6, SOCK_STREAM, 0);
	CHECK_INT(sock_connect_begin(&env, c, &n.sa, len, &route, &l, &em), ==, -EINVAL);
	n.in6.sin6_scope_id = ETH1;
	CHECK_INT(sock_connect_begin(&env, on(c, ETH0), &n.sa, len, &route, &l, &em), ==,
		-EINVAL);
	sock_connect_begin(&env, on(c, 0), &n.sa, len, &route, &l, &em);
	CHECK_INT(at(c)->opts.bound_if, ==, ETH1);
	/* bind() takes it whatever it was. */
	c = on(make(AF_INET6, SOCK_STREAM, 0), ETH0);
	at(c)->opts.bits |= SHM_O_FREEBIND;
	n.in6.sin6_port = 0;
	CHECK_INT(sock_bind(&env, c, &n.sa, len), ==, 0);
	CHECK_INT(at(c)->opts.bound_if, ==, ETH1);
	n.in6.sin6_scope_id = 0;
	c = on(make(AF_INET6, SOCK_STREAM, 0), ETH0);
	at(c)->opts.bits |= SHM_O_FREEBIND;
	CHECK_INT(sock_bind(&env, c, &n.sa, len), ==, 0);
	CHECK_INT(at(c)->local.scope, ==, ETH0);
}
