/* socket, bind, listen, names: Linux's errors in Linux's order.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

TEST(create_kinds)
{
	static const struct {
		int domain, type, protocol, want;
	} t[] = {
		{ AF_INET, SOCK_STREAM, 0, 0 },
		{ AF_INET, SOCK_STREAM, IPPROTO_TCP, 0 },
		{ AF_INET, SOCK_STREAM, IPPROTO_UDP, -EPROTONOSUPPORT },
		{ AF_INET, SOCK_DGRAM, IPPROTO_TCP, -EPROTONOSUPPORT },
		{ AF_INET, SOCK_DGRAM, IPPROTO_ICMP, 0 },
		{ AF_INET, SOCK_DGRAM, IPPROTO_ICMPV6, -EPROTONOSUPPORT },
		{ AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6, 0 },
		{ AF_INET6, SOCK_DGRAM, IPPROTO_ICMP, -EPROTONOSUPPORT },
		{ AF_UNIX, SOCK_STREAM, 0, -EAFNOSUPPORT },
		{ AF_INET, SOCK_SEQPACKET, 0, -ESOCKTNOSUPPORT },
		{ AF_INET, 42, 0, -EINVAL },
		{ AF_INET, SOCK_STREAM, 5000, -EINVAL },
		{ AF_INET, SOCK_RAW, 0, -EPROTONOSUPPORT },
		{ AF_INET, SOCK_RAW, IPPROTO_ICMP, 0 },
		{ AF_INET6, SOCK_RAW, 253, 0 },
	};
	uint32_t i;

	world_init();
	for (unsigned k = 0; k < sizeof(t) / sizeof(t[0]); k++)
		CHECK_INT(sock_create(&env, t[k].domain, t[k].type, t[k].protocol,
			&i), ==, t[k].want);
}

TEST(raw_sockets_are_for_some)
{
	uint32_t i;

	world_init();
	env.privileged = false;
	CHECK_INT(sock_create(&env, AF_INET, SOCK_RAW, 1, &i), ==, -EPERM);
	CHECK_INT(sock_create(&env, AF_INET6, SOCK_RAW, 58, &i), ==, -EPERM);
	CHECK_INT(sock_create(&env, AF_INET, SOCK_RAW, 0, &i), ==,
		-EPROTONOSUPPORT);
	arena.hdr->raw_for_all = 1;
	CHECK_INT(sock_create(&env, AF_INET, SOCK_RAW, 1, &i), ==, 0);
}

TEST(create_until_full)
{
	uint32_t i, n = 0;

	world_init();
	while (sock_create(&env, AF_INET, SOCK_STREAM, 0, &i) == 0)
		n++;
	CHECK_INT(n, ==, arena.n_socks - 1);
	CHECK_INT(sock_create(&env, AF_INET, SOCK_STREAM, 0, &i), ==, -ENFILE);
	sock_discard(&env, 5);
	CHECK_INT(sock_create(&env, AF_INET, SOCK_STREAM, 0, &i), ==, 0);
	CHECK_INT(i, ==, 5);
	CHECK_INT(at(5)->gen, ==, 2);
}

TEST(bind_errors)
{
	union name n;
	uint32_t i, six;

	world_init();
	i = tcp();
	six = make(AF_INET6, SOCK_STREAM, 0);
	name_of(&n, "127.0.0.1", 80);
	CHECK_INT(sock_bind(&env, i, &n.sa, 15), ==, -EINVAL);
	n.sa.sa_family = AF_INET6;
	CHECK_INT(sock_bind(&env, i, &n.sa, 16), ==, -EAFNOSUPPORT);
	n.sa.sa_family = AF_UNSPEC;
	CHECK_INT(sock_bind(&env, i, &n.sa, 16), ==, -EAFNOSUPPORT);
	CHECK_INT(bind_to(i, "10.0.0.2", 80), ==, -EADDRNOTAVAIL);
	CHECK_INT(bind_to(six, "2001:db8::2", 80), ==, -EADDRNOTAVAIL);
	CHECK_INT(bind_to(six, "fe80::1", 80), ==, -EINVAL); /* no scope */
	CHECK_INT(bind_to(six, "ff02::1", 80), ==, -EINVAL);
	name_of(&n, "::1", 80);
	CHECK_INT(sock_bind(&env, six, &n.sa, 23), ==, -EINVAL);
	arena.hdr->privileged_ports = 1024;
	env.privileged = false;
	CHECK_INT(bind_to(i, "127.0.0.1", 80), ==, -EACCES);
	env.privileged = true;
	name_of(&n, "0.0.0.0", 0);
	n.sa.sa_family = AF_UNSPEC; /* an old habit */
	CHECK_INT(sock_bind(&env, i, &n.sa, 16), ==, 0);
	CHECK(port_of(i) >= arena.hdr->port_first);
	CHECK(port_of(i) <= arena.hdr->port_last);
	CHECK_INT(bind_to(i, "127.0.0.1", 0), ==, -EINVAL);
	CHECK_INT(bind_to(i, "10.0.0.2", 0), ==, -EADDRNOTAVAIL); /* first */
	CHECK_INT(bind_to(99, "127.0.0.1", 0), ==, -EBADF);
	i = tcp();
	CHECK_INT(bind_to(i, "127.9.9.9", 80), ==, 0); /* all of 127/8 */
	i = udp();
	CHECK_INT(bind_to(i, "10.0.0.255", 80), ==, 0); /* broadcast */
	i = udp();
	CHECK_INT(bind_to(i, "224.0.0.251", 80), ==, 0);
	i = tcp();
	set_int(i, IPPROTO_IP, IP_FREEBIND, 1);
	CHECK_INT(bind_to(i, "192.0.2.1", 80), ==, 0);
}

/* One row: two sockets, their options, what the second bind says. */
struct clash {
	const char *a, *b;
	int type, opt; /* 1 reuseaddr both, 2 reuseport both, 4 first listens,
			  8 v6only on IPv6 ones, 16 reuseaddr of the first only */
	int want;
};

TEST(bind_conflicts)
{
	static const struct clash t[] = {
		{ "127.0.0.1", "127.0.0.1", SOCK_STREAM, 0, -EADDRINUSE },
		{ "127.0.0.1", "127.0.0.2", SOCK_STREAM, 0, 0 },
		{ "0.0.0.0", "127.0.0.2", SOCK_STREAM, 0, -EADDRINUSE },
		{ "127.0.0.2", "0.0.0.0", SOCK_STREAM, 0, -EADDRINUSE },
		{ "0.0.0.0", "0.0.0.0", SOCK_STREAM, 1, 0 },
		{ "0.0.0.0", "0.0.0.0", SOCK_STREAM, 16, -EADDRINUSE },
		{ "0.0.0.0", "0.0.0.0", SOCK_STREAM, 1 | 4, -EADDRINUSE },
		{ "0.0.0.0", "127.0.0.1", SOCK_STREAM, 1 | 4, -EADDRINUSE },
		{ "127.0.0.1", "127.0.0.2", SOCK_STREAM, 1 | 4, 0 },
		{ "0.0.0.0", "0.0.0.0", SOCK_STREAM, 2 | 4, 0 },
		{ "0.0.0.0", "::", SOCK_STREAM, 0, -EADDRINUSE },
		{ "::", "0.0.0.0", SOCK_STREAM, 0, -EADDRINUSE },
		{ "::", "127.0.0.1", SOCK_STREAM, 0, -EADDRINUSE },
		{ "0.0.0.0", "::", SOCK_STREAM, 8, 0 },
		{ "::", "0.0.0.0", SOCK_STREAM, 8, 0 },
		{ "0.0.0.0", "::1", SOCK_STREAM, 0, 0 },
		{ "::", "::1", SOCK_STREAM, 8, -EADDRINUSE },
		{ "::ffff:127.0.0.1", "127.0.0.1", SOCK_STREAM, 0, -EADDRINUSE },
		{ "127.0.0.1", "127.0.0.1", SOCK_DGRAM, 0, -EADDRINUSE },
		{ "127.0.0.1", "127.0.0.1", SOCK_DGRAM, 1, 0 },
		{ "127.0.0.1", "127.0.0.1", SOCK_DGRAM, 2, 0 },
		{ "0.0.0.0", "127.0.0.1", SOCK_DGRAM, 0, -EADDRINUSE },
	};

	for (unsigned k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
		const char *ip[2] = { t[k].a, t[k].b };
		int r[2];

		world_init();
		for (int j = 0; j < 2; j++) {
			bool six = strchr(ip[j], ':') != NULL;
			uint32_t i = make(six ? AF_INET6 : AF_INET, t[k].type, 0);

			if ((t[k].opt & 1) || ((t[k].opt & 16) && j == 0))
				set_int(i, SOL_SOCKET, SO_REUSEADDR, 1);
			if (t[k].opt & 2)
				set_int(i, SOL_SOCKET, SO_REUSEPORT, 1);
			if (six && (t[k].opt & 8))
				set_int(i, IPPROTO_IPV6, IPV6_V6ONLY, 1);
			r[j] = bind_to(i, ip[j], 5000);
			if (j == 0 && (t[k].opt & 4))
				CHECK_INT(sock_listen(&env, i, 1), ==, 0);
		}
		CHECK_INT(r[0], ==, 0);
		if (r[1] != t[k].want)
			check_failed(__FILE__, __LINE__,
				"row %u: %s then %s gave %d, not %d", k, t[k].a,
				t[k].b, r[1], t[k].want);
	}
}

TEST(bind_over_the_dead)
{
	uint32_t a, b;

	world_init();
	a = tcp();
	CHECK_INT(bind_to(a, "0.0.0.0", 5000), ==, 0);
	b = tcp();
	CHECK_INT(bind_to(b, "0.0.0.0", 5000), ==, -EADDRINUSE);
	last_close(a);
	CHECK_INT(bind_to(b, "0.0.0.0", 5000), ==, 0);
	CHECK_INT(at(a)->flags & SHM_F_BOUND, ==, 0);
	sock_reap(&env, a);
	CHECK_INT(bind_to(tcp(), "0.0.0.0", 5000), ==, -EADDRINUSE);
}

TEST(bind_range_runs_out)
{
	uint32_t first = 0;

	world_init();
	arena.hdr->port_first = 40000;
	arena.hdr->port_last = 40009;
	for (int k = 0; k < 10; k++) {
		uint32_t i = tcp();

		if (k == 0)
			first = i;
		CHECK_INT(bind_to(i, "0.0.0.0", 0), ==, 0);
	}
	CHECK_INT(bind_to(tcp(), "0.0.0.0", 0), ==, -EADDRINUSE);
	CHECK_INT(bind_to(udp(), "0.0.0.0", 0), ==, 0); /* another table */
	last_close(first); /* only found by asking */
	CHECK_INT(bind_to(tcp(), "0.0.0.0", 0), ==, 0);
}

TEST(listen_rules)
{
	uint32_t a, b, em;

	world_init();
	a = tcp();
	CHECK_INT(sock_listen(&env, a, 5), ==, 0); /* binds itself */
	CHECK(port_of(a) != 0);
	CHECK_INT(sock_listen(&env, a, -1), ==, 0);
	CHECK_INT(at(a)->backlog, ==, 4096);
	CHECK_INT(get_int(a, SOL_SOCKET, SO_ACCEPTCONN), ==, 1);
	CHECK_INT(sock_listen(&env, udp(), 5), ==, -EOPNOTSUPP);
	b = tcp();
	CHECK_INT(connect_to(b, "127.0.0.1", port_of(a), &em), ==, 0);
	CHECK_INT(sock_listen(&env, b, 5), ==, -EINVAL);
	/* Both bound with SO_REUSEADDR: the second to listen is told. */
	a = tcp();
	b = tcp();
	set_int(a, SOL_SOCKET, SO_REUSEADDR, 1);
	set_int(b, SOL_SOCKET, SO_REUSEADDR, 1);
	CHECK_INT(bind_to(a, "0.0.0.0", 5000), ==, 0);
	CHECK_INT(bind_to(b, "0.0.0.0", 5000), ==, 0);
	CHECK_INT(sock_listen(&env, a, 1), ==, 0);
	CHECK_INT(sock_listen(&env, b, 1), ==, -EADDRINUSE);
	last_close(a);
	CHECK_INT(sock_listen(&env, b, 1), ==, 0);
}

TEST(name_truncates_and_maps)
{
	union name n;
	socklen_t len;
	uint32_t i;

	world_init();
	i = tcp();
	CHECK_INT(bind_to(i, "127.0.0.1", 5000), ==, 0);
	memset(&n, 0xee, sizeof(n));
	len = 4;
	CHECK_INT(sock_name(&env, i, &n.sa, &len), ==, 0);
	CHECK_INT(len, ==, 16);
	CHECK_INT(ntohs(n.in.sin_port), ==, 5000);
	CHECK_INT(n.in.sin_addr.s_addr, ==, 0xeeeeeeeeu); /* not touched */
	len = (socklen_t)-1;
	CHECK_INT(sock_name(&env, i, &n.sa, &len), ==, -EINVAL);
	len = 16;
	CHECK_INT(sock_peer(&env, i, &n.sa, &len), ==, -ENOTCONN);
	i = make(AF_INET6, SOCK_STREAM, 0);
	CHECK_INT(bind_to(i, "::ffff:127.0.0.1", 5001), ==, 0);
	len = sizeof(n);
	CHECK_INT(sock_name(&env, i, &n.sa, &len), ==, 0);
	CHECK_INT(len, ==, 28);
	CHECK(IN6_IS_ADDR_V4MAPPED(&n.in6.sin6_addr));
}
