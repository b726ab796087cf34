/* Ancillary data of a send: read well, and refused when it is wrong.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include "wishes.h"

static union {
	struct cmsghdr h;
	char room[256];
} u;

static const struct shm_addr of_four = { .family = IP_V4 }, of_six = { .family = IP_V6 };

/* One message of that many bytes, with a length as if of `said`. */
static int wish(uint32_t i, int level, int type, const void *value, size_t size,
	size_t said, bool v4, struct wishes *w)
{
	struct msghdr m = { .msg_control = &u, .msg_controllen = CMSG_SPACE(size) };

	memset(&u, 0, sizeof(u));
	u.h = (struct cmsghdr){ .cmsg_len = CMSG_LEN(said), .cmsg_level = level,
		.cmsg_type = type };
	memcpy(CMSG_DATA(&u.h), value, size);
	return wishes_read(&env, at(i), &m, v4 ? &of_four : &of_six, w);
}

static int wish_int(uint32_t i, int level, int type, int v, bool v4, struct wishes *w)
{
	return wish(i, level, type, &v, sizeof(v), sizeof(v), v4, w);
}

TEST(wishes_none)
{
	struct wishes w;
	uint32_t i;

	world_init();
	i = udp();
	CHECK_INT(set_int(i, SOL_SOCKET, SO_PRIORITY, 3), ==, 0);
	CHECK_INT(wishes_read(&env, at(i), NULL, &of_four, &w), ==, 0);
	CHECK(sock_addr_any(&w.src));
	CHECK_INT(w.ifindex, ==, 0);
	CHECK_INT(w.ttl, ==, -1);
	CHECK_INT(w.tos, ==, -1);
	CHECK_INT(w.priority, ==, 3);
}

/* The bound name is the source, unless it is a group's or everybody's. */
TEST(wishes_bound)
{
	static const struct {
		uint32_t name;
		bool source;
	} names[] = { { 0x7f000005, true }, { 0xe0000105, false },
		{ 0xffffffff, false }, { 0x7fffffff, false }, { 0, false } };

	world_init();
	for (unsigned k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
		struct sockaddr_in in = { .sin_family = AF_INET,
			.sin_addr = { htonl(names[k].name) } };
		uint32_t i = udp();
		struct wishes w;

		CHECK_INT(sock_bind(&env, i, (void *)&in, sizeof(in)), ==, 0);
		CHECK_INT(wishes_read(&env, at(i), NULL, &of_four, &w), ==, 0);
		CHECK_INT(!sock_addr_any(&w.src), ==, names[k].source);
		CHECK_INT(w.src.port, ==, 0);
		if (names[k].source)
			CHECK(memcmp(w.src.b, &in.sin_addr, 4) == 0);
	}
}

TEST(wishes_numbers)
{
	uint16_t seg = 500;
	struct wishes w;
	uint32_t i, six;

	world_init();
	i = udp();
	six = make(AF_INET6, SOCK_DGRAM, 0);
	CHECK_INT(wish_int(i, IPPROTO_IP, IP_TTL, 7, true, &w), ==, 0);
	CHECK_INT(w.ttl, ==, 7);
	CHECK_INT(wish_int(i, IPPROTO_IP, IP_TTL, 0, true, &w), ==, -EINVAL);
	CHECK_INT(wish_int(i, IPPROTO_IP, IP_TTL, 256, true, &w), ==, -EINVAL);
	CHECK_INT(wish_int(i, IPPROTO_IP, IP_TOS, 0x10, true, &w), ==, 0);
	CHECK_INT(w.tos, ==, 0x10);
	CHECK_INT(wish_int(i, IPPROTO_IP, IP_TOS, 300, true, &w), ==, -EINVAL);
	CHECK_INT(wish_int(six, IPPROTO_IPV6, IPV6_HOPLIMIT, 9, false, &w), ==, 0);
	CHECK_INT(w.ttl, ==, 9);
	CHECK_INT(wish_int(six, IPPROTO_IPV6, IPV6_HOPLIMIT, 256, false, &w), ==,
		-EINVAL);
	CHECK_INT(wish(i, IPPROTO_UDP, 103, &seg, 2, 2, true, &w), ==, 0);
	CHECK_INT(w.gso, ==, 500);
	CHECK_INT(wish(i, IPPROTO_UDP, 103, &seg, 2, 1, true, &w), ==, -EINVAL);
}

TEST(wishes_pktinfo)
{
	struct in_pktinfo p = { .ipi_ifindex = 2,
		.ipi_spec_dst.s_addr = htonl(0x0a000001) };
	struct wishes w;
	uint32_t i;

	world_init();
	i = udp();
	CHECK_INT(wish(i, IPPROTO_IP, IP_PKTINFO, &p, sizeof(p), sizeof(p), true, &w),
		==, 0);
	CHECK_INT(w.ifindex, ==, 2);
	CHECK_INT(w.src.family, ==, IP_V4);
	CHECK_INT(w.src.b[3], ==, 1);
	CHECK_INT(wish(i, IPPROTO_IP, IP_PKTINFO, &p, sizeof(p), sizeof(p) - 1, true,
		&w), ==, -EINVAL);
}

TEST(wishes_malformed)
{
	struct wishes w;
	uint32_t i;
	int v = 1;

	world_init();
	i = udp();
	/* Longer than there is room for, and shorter than its own head. */
	CHECK_INT(wish(i, IPPROTO_IP, IP_TTL, &v, sizeof(v), 200, true, &w), ==, -EINVAL);
	u.h.cmsg_len = sizeof(u.h) - 1;
	{
		struct msghdr m = { .msg_control = &u, .msg_controllen = 64 };

		CHECK_INT(wishes_read(&env, at(i), &m, &of_four, &w), ==, -EINVAL);
	}
	/* Another's level is nobody's business here. */
	CHECK_INT(wish_int(i, IPPROTO_TCP, 1, 1, true, &w), ==, 0);
	CHECK_INT(wish_int(i, IPPROTO_IP, 4711, 1, true, &w), ==, -EINVAL);
	CHECK_INT(wish_int(i, SOL_SOCKET, 4711, 1, true, &w), ==, -EINVAL);
}

TEST(wishes_privilege)
{
	struct wishes w;
	uint32_t i;

	world_init();
	i = udp();
	CHECK_INT(wish_int(i, SOL_SOCKET, SO_MARK, 5, true, &w), ==, 0);
	CHECK_INT(w.mark, ==, 5);
	env.privileged = false;
	CHECK_INT(wish_int(i, SOL_SOCKET, SO_MARK, 5, true, &w), ==, -EPERM);
}
