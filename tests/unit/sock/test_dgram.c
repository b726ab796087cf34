/* Datagrams within a host, and the queue to the net.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

TEST(dgram_there_and_back)
{
	uint32_t a, b;
	union name from;
	char buf[16];
	int fl;

	world_init();
	a = udp();
	b = udp();
	CHECK_INT(bind_to(b, "127.0.0.1", 5000), ==, 0);
	CHECK_INT(recv_from(b, buf, 16, 0, NULL, &fl), ==, -EAGAIN);
	CHECK_INT(send_to(a, "127.0.0.1", 5000, "hello", 5), ==, 5);
	CHECK_INT(fx.ring_to, ==, 0);
	sock_sleep_begin(&env, b, POLLIN);
	CHECK_INT(send_to(a, "127.0.0.1", 5000, "", 0), ==, 0);
	CHECK_INT(fx.ring_to, ==, b);
	sock_sleep_end(&env, b, POLLIN);
	CHECK(port_of(a) != 0); /* bound itself */
	CHECK(sock_ready(&env, b, POLLIN) & POLLIN);
	CHECK_INT(recv_from(b, buf, 3, MSG_PEEK, &from, &fl), ==, 3);
	CHECK_INT(fl, ==, MSG_TRUNC);
	CHECK_INT(recv_from(b, buf, 3, MSG_PEEK | MSG_TRUNC, &from, &fl), ==, 5);
	CHECK_INT(recv_from(b, buf, 16, 0, &from, &fl), ==, 5);
	CHECK_INT(fl, ==, 0);
	CHECK_MEM(buf, "hello", 5);
	CHECK_INT(ntohs(from.in.sin_port), ==, port_of(a));
	CHECK_INT(ntohl(from.in.sin_addr.s_addr), ==, INADDR_LOOPBACK);
	CHECK_INT(recv_from(b, buf, 16, 0, NULL, &fl), ==, 0); /* empty one */
	CHECK_INT(recv_from(b, buf, 16, 0, NULL, &fl), ==, -EAGAIN);
	CHECK_INT(send_to(b, "127.0.0.1", port_of(a), "yes", 3), ==, 3);
	CHECK_INT(recv_from(a, buf, 16, 0, NULL, &fl), ==, 3);
}

TEST(dgram_errors)
{
	static uint8_t big[65536];
	struct iovec v = { big, 1 };
	union name n;
	uint32_t a, six;

	world_init();
	a = udp();
	six = make(AF_INET6, SOCK_DGRAM, 0);
	CHECK_INT(send_to(a, NULL, 0, "x", 1), ==, -EDESTADDRREQ);
	CHECK_INT(send_to(a, "127.0.0.1", 0, "x", 1), ==, -EINVAL);
	CHECK_INT(send_to(a, "127.0.0.1", 9, big, 65508), ==, -EMSGSIZE);
	CHECK_INT(send_to(a, "127.0.0.1", 9, big, 65536), ==, -EMSGSIZE);
	CHECK_INT(send_to(a, "127.0.0.1", 9, big, 65507), ==, 65507);
	CHECK_INT(send_to(six, "::1", 9, big, 65527), ==, 65527);
	CHECK_INT(send_to(six, "::1", 9, big, 65528), ==, -EMSGSIZE);
	CHECK_INT(send_to(a, "255.255.255.255", 9, "x", 1), ==, -EACCES);
	CHECK_INT(send_to(a, "10.0.0.255", 9, "x", 1), ==, -EACCES);
	set_int(a, SOL_SOCKET, SO_BROADCAST, 1);
	CHECK_INT(send_to(a, "10.0.0.255", 9, "x", 1), ==, 1);
	CHECK(at(a)->tx != 0); /* to the service */
	name_of(&n, "127.0.0.1", 9);
	CHECK_INT(sock_sendto(&env, a, &v, 1, 0, &n.sa, 15, NULL, &fx), ==, -EINVAL);
	CHECK_INT(sock_sendto(&env, a, &v, 1, MSG_OOB, &n.sa, 16, NULL, &fx), ==,
		-EOPNOTSUPP);
	n.sa.sa_family = AF_INET6;
	CHECK_INT(sock_sendto(&env, a, &v, 1, 0, &n.sa, 16, NULL, &fx), ==,
		-EAFNOSUPPORT);
	/* An AF_INET6 socket takes AF_INET names, unless V6ONLY. */
	CHECK_INT(send_to(six, "127.0.0.1", 9, "x", 1), ==, 1);
	set_int(a, SOL_SOCKET, SO_BROADCAST, 0);
	CHECK_INT(sock_shutdown(&env, a, SHUT_WR, &fx), ==, -ENOTCONN);
	CHECK_INT(send_to(a, "127.0.0.1", 9, "x", 1), ==, -EPIPE);
	arena.hdr->n_addrs = 0;
	CHECK_INT(send_to(udp(), "192.0.2.1", 9, "x", 1), ==, -ENETUNREACH);
}

static int dconnect(uint32_t i, const char *ip, uint16_t port)
{
	union name n;
	socklen_t len;

	if (!ip) {
		n.sa.sa_family = AF_UNSPEC;
		return sock_dgram_connect(&env, i, &n.sa, sizeof(n.sa));
	}
	len = name_of(&n, ip, port);
	return sock_dgram_connect(&env, i, &n.sa, len);
}

TEST(dgram_refused)
{
	uint32_t a, b;
	char c;
	int fl;

	world_init();
	a = udp();
	CHECK_INT(send_to(a, "127.0.0.1", 9, "x", 1), ==, 1);
	CHECK_INT(send_to(a, "127.0.0.1", 9, "x", 1), ==, 1); /* unconnected */
	CHECK_INT(dconnect(a, "127.0.0.1", 9), ==, 0);
	CHECK_INT(send_to(a, NULL, 0, "x", 1), ==, 1);
	CHECK(sock_ready(&env, a, 0) & POLLERR);
	CHECK_INT(send_to(a, NULL, 0, "x", 1), ==, -ECONNREFUSED);
	CHECK_INT(send_to(a, NULL, 0, "x", 1), ==, 1);
	CHECK_INT(recv_from(a, &c, 1, 0, NULL, &fl), ==, -ECONNREFUSED);
	CHECK_INT(recv_from(a, &c, 1, 0, NULL, &fl), ==, -EAGAIN);
	b = udp();
	set_int(b, IPPROTO_IP, IP_RECVERR, 1);
	CHECK_INT(send_to(b, "127.0.0.1", 9, "x", 1), ==, 1);
	CHECK_INT(get_int(b, SOL_SOCKET, SO_ERROR), ==, ECONNREFUSED);
}

TEST(dgram_connect_and_disconnect)
{
	uint32_t a, b, c;
	union name n;
	socklen_t len = sizeof(n);
	char buf[4];
	int fl;

	world_init();
	a = udp();
	b = udp();
	c = udp();
	CHECK_INT(bind_to(b, "0.0.0.0", 5000), ==, 0);
	CHECK_INT(dconnect(a, "10.0.0.1", 5000), ==, 0);
	CHECK_INT(sock_name(&env, a, &n.sa, &len), ==, 0);
	CHECK_INT(ntohl(n.in.sin_addr.s_addr), ==, 0x0a000001);
	CHECK_INT(sock_peer(&env, a, &n.sa, &len), ==, 0);
	CHECK_INT(ntohs(n.in.sin_port), ==, 5000);
	/* It hears only its peer. */
	CHECK_INT(send_to(c, "10.0.0.1", port_of(a), "no", 2), ==, 2);
	CHECK_INT(recv_from(a, buf, 4, 0, NULL, &fl), ==, -EAGAIN);
	CHECK_INT(send_to(b, "10.0.0.1", port_of(a), "yes", 3), ==, 3);
	CHECK_INT(recv_from(a, buf, 4, 0, NULL, &fl), ==, 3);
	CHECK_INT(dconnect(a, NULL, 0), ==, 0);
	CHECK_INT(port_of(a), ==, 0);
	CHECK_INT(sock_peer(&env, a, &n.sa, &len), ==, -ENOTCONN);
	CHECK_INT(send_to(a, NULL, 0, "x", 1), ==, -EDESTADDRREQ);
	CHECK_INT(dconnect(a, "8.8.8.8", 53), ==, 0); /* how one asks for its IP */
	CHECK_INT(sock_name(&env, a, &n.sa, &len), ==, 0);
	CHECK_INT(ntohl(n.in.sin_addr.s_addr), ==, 0x0a000001);
	CHECK_INT(dconnect(a, "255.255.255.255", 53), ==, -EACCES);
}

/* getaddrinfo() asks so for the source addresses, one after the other. */
TEST(dgram_six_connects_to_four)
{
	union name n;
	socklen_t len = sizeof(n);
	uint32_t six;

	world_init();
	six = make(AF_INET6, SOCK_DGRAM, 0);
	CHECK_INT(dconnect(six, "::", 0), ==, 0);
	CHECK_INT(dconnect(six, NULL, 0), ==, 0);
	CHECK_INT(dconnect(six, "0.0.0.0", 0), ==, 0);
	CHECK_INT(sock_name(&env, six, &n.sa, &len), ==, 0);
	CHECK_INT(n.in6.sin6_family, ==, AF_INET6);
	CHECK(IN6_IS_ADDR_V4MAPPED(&n.in6.sin6_addr));
	CHECK_INT(n.in6.sin6_addr.s6_addr[12], ==, 127);
	CHECK_INT(dconnect(udp(), "::1", 9), ==, -EAFNOSUPPORT);
}

TEST(dgram_who_receives)
{
	uint32_t any, exact, conn, s, six;
	struct shm_addr to = { .family = IP_V4, .port = 5000,
		.b = { 127, 0, 0, 1 } };
	struct shm_addr from = { .family = IP_V4, .port = 6000,
		.b = { 127, 0, 0, 1 } };

	world_init();
	six = make(AF_INET6, SOCK_DGRAM, 0);
	set_int(six, SOL_SOCKET, SO_REUSEADDR, 1);
	CHECK_INT(bind_to(six, "::", 5000), ==, 0);
	CHECK_INT(sock_find_dgram(&env, IPPROTO_UDP, &to, &from), ==, six);
	any = udp();
	set_int(any, SOL_SOCKET, SO_REUSEADDR, 1);
	CHECK_INT(bind_to(any, "0.0.0.0", 5000), ==, 0);
	CHECK_INT(sock_find_dgram(&env, IPPROTO_UDP, &to, &from), ==, any);
	exact = udp();
	set_int(exact, SOL_SOCKET, SO_REUSEADDR, 1);
	CHECK_INT(bind_to(exact, "127.0.0.1", 5000), ==, 0);
	CHECK_INT(sock_find_dgram(&env, IPPROTO_UDP, &to, &from), ==, exact);
	conn = udp();
	set_int(conn, SOL_SOCKET, SO_REUSEADDR, 1);
	CHECK_INT(bind_to(conn, "127.0.0.1", 5000), ==, 0);
	CHECK_INT(dconnect(conn, "127.0.0.1", 6000), ==, 0);
	CHECK_INT(sock_find_dgram(&env, IPPROTO_UDP, &to, &from), ==, conn);
	from.port = 6001;
	CHECK_INT(sock_find_dgram(&env, IPPROTO_UDP, &to, &from), ==, exact);
	last_close(exact);
	CHECK_INT(sock_find_dgram(&env, IPPROTO_UDP, &to, &from), ==, any);
	to.port = 5001;
	CHECK_INT(sock_find_dgram(&env, IPPROTO_UDP, &to, &from), ==, 0);
	s = udp();
	CHECK_INT(send_to(s, "127.0.0.1", 5001, "x", 1), ==, 1);
}

TEST(dgram_broadcast_to_all)
{
	struct shm_addr to = { .family = IP_V4, .port = 5000,
		.b = { 255, 255, 255, 255 } };
	struct shm_addr from = { .family = IP_V4, .port = 6000,
		.b = { 10, 0, 0, 9 } };
	uint32_t any[2], exact, got[4];

	world_init();
	for (int k = 0; k < 2; k++) {
		any[k] = udp();
		set_int(any[k], SOL_SOCKET, SO_REUSEADDR, 1);
		CHECK_INT(bind_to(any[k], "0.0.0.0", 5000), ==, 0);
	}
	exact = udp();
	set_int(exact, SOL_SOCKET, SO_REUSEADDR, 1);
	CHECK_INT(bind_to(exact, "10.0.0.1", 5000), ==, 0);
	CHECK_INT(sock_find_dgrams(&env, IPPROTO_UDP, &to, &from, 2, got, 4), ==, 2);
	CHECK(got[0] == any[1] && got[1] == any[0]);
	CHECK_INT(sock_find_dgrams(&env, IPPROTO_UDP, &to, &from, 2, got, 1), ==, 1);
	to.port = 5001;
	CHECK_INT(sock_find_dgrams(&env, IPPROTO_UDP, &to, &from, 2, got, 4), ==, 0);
}

TEST(dgram_full_receiver_drops)
{
	static uint8_t big[60000];
	uint32_t a, b, n = 0;
	int fl;

	world_init();
	a = udp();
	b = udp();
	CHECK_INT(bind_to(b, "127.0.0.1", 5000), ==, 0);
	for (int k = 0; k < 20; k++)
		CHECK_INT(send_to(a, "127.0.0.1", 5000, big, sizeof(big)), ==,
			sizeof(big));
	while (recv_from(b, big, sizeof(big), 0, NULL, &fl) > 0)
		n++;
	CHECK_INT(n, ==, 3); /* 212,992 would be passed by the fourth */
	CHECK_INT(arena.fifos[at(b)->rx].drops, ==, 17);
}

TEST(dgram_buffer_grows_after_bind)
{
	static uint8_t big[60000];
	int size = 2 << 20, fl;
	uint32_t a, b, n = 0;

	world_init();
	a = udp();
	b = udp();
	CHECK_INT(bind_to(b, "127.0.0.1", 5000), ==, 0);
	CHECK_INT(sock_setopt(&env, b, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size),
		&fx), ==, 0);
	for (int k = 0; k < 100; k++)
		CHECK_INT(send_to(a, "127.0.0.1", 5000, big, sizeof(big)), ==,
			sizeof(big));
	while (recv_from(b, big, sizeof(big), 0, NULL, &fl) > 0)
		n++;
	CHECK_INT(n, ==, 4 * 1048576 / (60000 + 832));
}

TEST(dgram_to_the_net)
{
	static uint8_t buf[65536];
	struct shm_msg m;
	uint32_t a;
	bool ring;
	int n = 0;

	world_init();
	a = udp();
	arena.hdr->svc_armed = 1;
	CHECK_INT(send_to(a, "10.0.0.7", 53, "query", 5), ==, 5);
	CHECK(fx.service);
	CHECK_INT(shm_stack_pop_socks(&arena), ==, a);
	CHECK_INT(sock_next_outgoing(&env, a, &m, buf, sizeof(buf), &ring), ==, 1);
	CHECK_INT(m.len, ==, 5);
	CHECK_MEM(buf, "query", 5);
	CHECK_INT(m.dst.port, ==, 53);
	CHECK_INT(m.src.port, ==, port_of(a));
	CHECK_INT(m.ttl, ==, 64);
	CHECK_INT(sock_next_outgoing(&env, a, &m, buf, sizeof(buf), &ring), ==, 0);
	while (send_to(a, "10.0.0.7", 53, buf, 1000) == 1000)
		n++;
	CHECK_INT(n, >, 80);
	CHECK_INT(send_to(a, "10.0.0.7", 53, buf, 1000), ==, -EAGAIN);
	CHECK_INT(sock_ready(&env, a, POLLOUT) & POLLOUT, ==, 0);
	sock_sleep_begin(&env, a, POLLOUT);
	ring = false;
	while (!ring && n-- > 0)
		CHECK_INT(sock_next_outgoing(&env, a, &m, buf, sizeof(buf), &ring),
			==, 1);
	CHECK(ring);
	CHECK(sock_ready(&env, a, POLLOUT) & POLLOUT);
}

/* All that the buffer allows is kept, in order; what finds no room is lost, and not
 * what came before it. Linux: __udp_enqueue_schedule_skb(). */
static void burst(int rcvbuf, uint32_t sent, uint32_t kept)
{
	uint8_t data[64] = { 0 };
	uint32_t a, b, got;
	int fl;

	world_init_sized(512 << 20);
	a = udp();
	b = udp();
	CHECK_INT(set_int(b, SOL_SOCKET, SO_RCVBUFFORCE, rcvbuf), ==, 0);
	CHECK_INT(bind_to(b, "127.0.0.1", 5000), ==, 0);
	for (uint32_t k = 0; k < sent; k++) {
		memcpy(data, &k, sizeof(k));
		if (send_to(a, "127.0.0.1", 5000, data, 64) != 64)
			CHECK_INT(k, ==, sent);
	}
	for (uint32_t k = 0; k < kept; k++) {
		if (recv_from(b, data, 64, 0, NULL, &fl) != 64)
			CHECK_INT(k, ==, kept);
		memcpy(&got, data, sizeof(got));
		if (got != k)
			CHECK_INT(got, ==, k);
	}
	CHECK_INT(recv_from(b, data, 64, 0, NULL, &fl), ==, -EAGAIN);
	CHECK_INT(env.arena->fifos[at(b)->rx].drops, ==, sent - kept);
}

TEST(dgram_burst_of_100000)
{
	burst(100000 * 832 / 2, 100000, 100000);
}

TEST(dgram_burst_beyond_the_buffer)
{
	/* As measured on Linux: each of 64 bytes counts 832. */
	burst(100 * 832, 1000, 200);
	burst(100000 * 832 / 4, 100000, 50000);
}

TEST(dgram_echo)
{
	struct shm_addr me = { .family = IP_V4, .b = { 10, 0, 0, 1 } };
	uint8_t req[8] = { 8 }, buf[64];
	struct shm_msg m;
	uint32_t a;
	bool ring;

	world_init();
	a = make(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
	CHECK_INT(send_to(a, "127.0.0.1", 0, req, 7), ==, -EINVAL);
	req[0] = 0;
	CHECK_INT(send_to(a, "127.0.0.1", 0, req, 8), ==, -EINVAL);
	req[0] = 8;
	CHECK_INT(send_to(a, "127.0.0.1", 0, req, 8), ==, 8);
	CHECK(port_of(a) != 0);
	CHECK_INT(sock_next_outgoing(&env, a, &m, buf, sizeof(buf), &ring), ==, 1);
	me.port = port_of(a);
	CHECK_INT(sock_find_dgram(&env, IPPROTO_ICMP, &me, NULL), ==, a);
	CHECK_INT(sock_find_dgram(&env, IPPROTO_UDP, &me, NULL), ==, 0);
}

TEST(dgram_ancillary)
{
	char cbuf[256], buf[4];
	struct iovec v = { buf, sizeof(buf) };
	struct msghdr h = { .msg_control = cbuf, .msg_controllen = sizeof(cbuf) };
	struct cmsghdr *c;
	struct in_pktinfo p;
	uint32_t a, b;
	int fl, ttl;

	world_init();
	a = udp();
	b = udp();
	CHECK_INT(bind_to(b, "0.0.0.0", 5000), ==, 0);
	set_int(a, IPPROTO_IP, IP_TTL, 7);
	set_int(b, IPPROTO_IP, IP_PKTINFO, 1);
	set_int(b, IPPROTO_IP, IP_RECVTTL, 1);
	send_to(a, "10.0.0.1", 5000, "x", 1);
	send_to(a, "10.0.0.1", 5000, "x", 1);
	CHECK_INT(sock_recvfrom(&env, b, &v, 1, 0, NULL, NULL, &h, &fl, &fx), ==,
		1);
	CHECK_INT(fl, ==, 0);
	c = CMSG_FIRSTHDR(&h);
	CHECK(c && c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO);
	memcpy(&p, CMSG_DATA(c), sizeof(p));
	CHECK_INT(ntohl(p.ipi_addr.s_addr), ==, 0x0a000001);
	c = CMSG_NXTHDR(&h, c);
	CHECK(c && c->cmsg_type == IP_TTL);
	memcpy(&ttl, CMSG_DATA(c), sizeof(ttl));
	CHECK_INT(ttl, ==, 7);
	CHECK(CMSG_NXTHDR(&h, c) == NULL);
	h.msg_controllen = 20;
	CHECK_INT(sock_recvfrom(&env, b, &v, 1, 0, NULL, NULL, &h, &fl, &fx), ==,
		1);
	CHECK_INT(fl, ==, MSG_CTRUNC);
	CHECK_INT(h.msg_controllen, <=, 20);
}

/* To another host as the very first: the transmit queue is made on the way. */
TEST(dgram_gathered_for_the_net)
{
	static uint8_t buf[65536];
	struct iovec v = { (void *)(uintptr_t)"one ", 4 };
	struct shm_msg m;
	union name n;
	socklen_t len;
	uint32_t a;
	bool ring;

	world_init();
	a = udp();
	len = name_of(&n, "10.0.0.7", 53);
	CHECK_INT(sock_sendto(&env, a, &v, 1, MSG_MORE, &n.sa, len, NULL, &fx), ==,
		4);
	CHECK_INT(sock_next_outgoing(&env, a, &m, buf, sizeof(buf), &ring), ==, 0);
	CHECK_INT(sock_sendto(&env, a, &v, 1, 0, &n.sa, len, NULL, &fx), ==, 4);
	CHECK_INT(sock_next_outgoing(&env, a, &m, buf, sizeof(buf), &ring), ==, 1);
	CHECK_INT(m.len, ==, 8);
	CHECK_MEM(buf, "one one ", 8);
	CHECK_INT(m.dst.port, ==, 53);
}
