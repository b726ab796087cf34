/* NETLINK_SOCK_DIAG: filters, which sockets are meant, what is said of them, lists that
 * are longer than one answer.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "netlink.h"
#include "networld.h"
#include "sockdiag.h"

#define OP(c, y, n) ((struct inet_diag_bc_op){ (c), (y), (n) })
#define MANY 1000

/* --- filters ---------------------------------------------------------------------- */

static int audit(const struct inet_diag_bc_op *code, size_t len)
{
	return sockdiag_code_audit(code, len, false);
}

TEST(filters_that_may_be_run)
{
	struct inet_diag_bc_op code[3] = { OP(INET_DIAG_BC_S_EQ, 8, 12), OP(0, 0, 80),
		OP(INET_DIAG_BC_JMP, 4, 8) };
	struct inet_diag_bc_op mark[3] = { OP(INET_DIAG_BC_MARK_COND, 12, 16) };

	CHECK_INT(audit(code, 8), ==, 0);
	CHECK_INT(audit(code, 12), ==, 0);
	CHECK_INT(audit(code, 11), ==, -EINVAL);
	CHECK_INT(audit(code, 4), ==, -EINVAL);
	CHECK_INT(audit(code, 0), ==, -EINVAL);
	code[0].no = 4; /* into its own argument */
	CHECK_INT(audit(code, 12), ==, -EINVAL);
	code[0].no = 20;
	CHECK_INT(audit(code, 12), ==, -EINVAL);
	code[0] = OP(INET_DIAG_BC_S_EQ, 0, 12);
	CHECK_INT(audit(code, 12), ==, -EINVAL);
	code[0] = OP(77, 8, 12);
	CHECK_INT(audit(code, 12), ==, -EINVAL);
	CHECK_INT(audit(mark, sizeof(mark)), ==, -EPERM);
	CHECK_INT(sockdiag_code_audit(mark, sizeof(mark), true), ==, 0);
}

/* Whatever the bytes are: what passes the audit comes to its end within them. */
TEST(any_bytes)
{
	struct inet_diag_msg m = { .idiag_family = AF_INET6 };
	struct sockdiag_entry e = { .m = &m };
	uint32_t seed = 1, passed = 0;
	uint8_t code[32];

	for (int k = 0; k < 300000; k++) {
		size_t len;

		for (size_t j = 0; j < sizeof(code); j++) {
			seed = seed * 1664525 + 1013904223;
			code[j] = (uint8_t)((seed >> 24) % 20);
		}
		len = (seed >> 16) % (sizeof(code) + 1) & ~3u;
		if (sockdiag_code_audit(code, len, true) < 0)
			continue;
		passed++;
		sockdiag_code_run(code, len, &e);
	}
	CHECK_INT(passed, >, 100);
}

static bool run(const struct inet_diag_bc_op *code, size_t len, const struct inet_diag_msg *m)
{
	struct sockdiag_entry e = { .m = m, .mark = 0x17, .port_given = true };

	CHECK_INT(sockdiag_code_audit(code, len, true), ==, 0);
	return sockdiag_code_run(code, len, &e);
}

TEST(filters_run)
{
	struct inet_diag_msg m = { .idiag_family = AF_INET,
		.id = { .idiag_sport = htons(80), .idiag_dport = htons(1000),
			.idiag_if = 3 } };
	struct inet_diag_bc_op code[2] = { OP(INET_DIAG_BC_S_EQ, 8, 12), OP(0, 0, 80) };
	struct {
		struct inet_diag_bc_op op;
		uint32_t v[2];
	} mark = { OP(INET_DIAG_BC_MARK_COND, 12, 16), { 0x10, 0xf0 } },
	  device = { OP(INET_DIAG_BC_DEV_COND, 8, 12), { 3 } };

	CHECK(run(code, sizeof(code), &m));
	code[1].no = 81;
	CHECK(!run(code, sizeof(code), &m));
	code[0].code = INET_DIAG_BC_S_LE;
	CHECK(run(code, sizeof(code), &m));
	code[0].code = INET_DIAG_BC_D_LE;
	CHECK(!run(code, sizeof(code), &m));
	code[0].code = INET_DIAG_BC_D_GE;
	CHECK(run(code, sizeof(code), &m));
	code[0] = OP(INET_DIAG_BC_AUTO, 4, 8);
	CHECK(!run(code, 4, &m));
	CHECK(run(&mark.op, 12, &m));
	mark.v[0] = 0x20;
	CHECK(!run(&mark.op, 12, &m));
	CHECK(run(&device.op, 8, &m));
	device.v[0] = 0;
	CHECK(!run(&device.op, 8, &m));
}

/* --- sockets ------------------------------------------------------------------------ */

static uint32_t made(int domain, int type, int protocol, uint16_t port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 sa6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	uint32_t i = 0;

	CHECK_INT(sock_create(&cl.env, domain, type, protocol, &i), ==, 0);
	if (port && domain == AF_INET)
		CHECK_INT(sock_bind(&cl.env, i, (struct sockaddr *)&sa, sizeof(sa)), ==, 0);
	else if (port)
		CHECK_INT(sock_bind(&cl.env, i, (struct sockaddr *)&sa6, sizeof(sa6)),
			==, 0);
	return i;
}

static int opened(void)
{
	int fd;

	networld();
	cl.env.privileged = true;
	fd = standin_open(SOCK_DGRAM, SOCK_CLOEXEC | SOCK_NONBLOCK);
	CHECK_INT(fd, >=, 0);
	fd_set_netlink(fd, true, true);
	CHECK(fd_is_diag_netlink(fd));
	return fd;
}

struct ask {
	struct nlmsghdr h;
	struct inet_diag_req_v2 r;
};

static struct ask ask(int family, int protocol, int flags)
{
	return (struct ask){ { sizeof(struct ask), SOCK_DIAG_BY_FAMILY,
		(uint16_t)(NLM_F_REQUEST | flags), 9, 0 },
		{ .sdiag_family = (uint8_t)family, .sdiag_protocol = (uint8_t)protocol,
			.idiag_states = ~0u, .idiag_ext = 0xff,
			.id = { .idiag_cookie = { ~0u, ~0u } } } };
}

struct told {
	unsigned sockets, done, datagrams;
	int error;
	struct inet_diag_msg last;
	uint8_t protocol, v6only;
	uint32_t attributes; /* a bit for each */
};

static void take(struct told *t, const struct nlmsghdr *h)
{
	size_t at = NLMSG_SPACE(sizeof(t->last));

	if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR) {
		memcpy(&t->error, NLMSG_DATA(h), sizeof(int));
		t->done++;
		return;
	}
	t->sockets++;
	if (h->nlmsg_len < at)
		return;
	memcpy(&t->last, NLMSG_DATA(h), sizeof(t->last));
	while (at < h->nlmsg_len) {
		const struct rtattr *a = (const void *)((const uint8_t *)h + at);

		t->attributes |= 1u << a->rta_type;
		if (a->rta_type == INET_DIAG_PROTOCOL)
			t->protocol = *(const uint8_t *)RTA_DATA(a);
		if (a->rta_type == INET_DIAG_SKV6ONLY)
			t->v6only = *(const uint8_t *)RTA_DATA(a);
		at += RTA_ALIGN(a->rta_len);
	}
}

/* Everything that there is to read, by another number of the same socket. */
static struct told heard(int fd, const void *q, size_t len)
{
	static uint8_t bytes[8192] __attribute__((aligned(8)));
	struct told t = { 0 };
	ssize_t n;

	CHECK_INT(netlink_sendto(fd, q, len, 0, NULL, 0), ==, len);
	while ((n = netlink_recvfrom(fd, bytes, sizeof(bytes), 0, NULL, NULL)) > 0) {
		t.datagrams++;
		for (const struct nlmsghdr *h = (void *)bytes; NLMSG_OK(h, (size_t)n);
			h = NLMSG_NEXT(h, n)) {
			CHECK_INT(h->nlmsg_seq, ==, 9);
			CHECK_INT(h->nlmsg_pid, ==, getpid());
			take(&t, h);
		}
	}
	CHECK_INT(n, ==, -EAGAIN);
	return t;
}

TEST(raw_sockets)
{
	int fd = opened();
	struct ask q = ask(AF_INET, IPPROTO_RAW, NLM_F_DUMP);
	struct told t = heard(fd, &q, sizeof(q));

	CHECK_INT(t.sockets, ==, 0);
	CHECK_INT(t.done, ==, 1);
	made(AF_INET, SOCK_RAW, 99, 0);
	made(AF_INET6, SOCK_RAW, 98, 0);
	t = heard(fd, &q, sizeof(q));
	CHECK_INT(t.sockets, ==, 1);
	CHECK_INT(t.last.idiag_state, ==, TCP_CLOSE);
	CHECK_INT(ntohs(t.last.id.idiag_sport), ==, 99);
	CHECK_INT(t.protocol, ==, 99);
	CHECK(!(t.attributes & 1u << INET_DIAG_INFO));
	q = ask(AF_INET, IPPROTO_RAW, 0);
	q.r.pad = 99;
	CHECK_INT(heard(fd, &q, sizeof(q)).sockets, ==, 1);
	q.r.pad = 97;
	t = heard(fd, &q, sizeof(q));
	CHECK_INT(t.error, ==, -ENOENT);
	q = ask(AF_INET6, IPPROTO_RAW, NLM_F_DUMP);
	t = heard(fd, &q, sizeof(q));
	CHECK_INT(t.sockets, ==, 1);
	CHECK_INT(t.protocol, ==, 98);
	close(fd);
}

TEST(streams_without_a_peer)
{
	int fd = opened();
	struct ask q = ask(AF_INET6, IPPROTO_TCP, NLM_F_DUMP);
	uint32_t i = made(AF_INET6, SOCK_STREAM, 0, 7000);
	struct told t;

	/* What is only bound is told of to who asks for it. */
	q.r.idiag_states = 0xfff;
	CHECK_INT(heard(fd, &q, sizeof(q)).sockets, ==, 0);
	q.r.idiag_states = 1u << SOCKDIAG_BOUND_INACTIVE;
	t = heard(fd, &q, sizeof(q));
	CHECK_INT(t.sockets, ==, 1);
	CHECK_INT(t.last.idiag_state, ==, TCP_CLOSE);
	CHECK_INT(sock_listen(&cl.env, i, 5), ==, 0);
	CHECK_INT(heard(fd, &q, sizeof(q)).sockets, ==, 0);
	q.r.idiag_states = 1u << TCP_LISTEN;
	t = heard(fd, &q, sizeof(q));
	CHECK_INT(t.sockets, ==, 1);
	CHECK_INT(t.last.idiag_wqueue, ==, 5);
	CHECK(t.attributes & 1u << INET_DIAG_INFO);
	CHECK_INT(t.v6only, ==, 0);
	/* Not of the other family, not of another port. */
	q.r.sdiag_family = AF_INET;
	CHECK_INT(heard(fd, &q, sizeof(q)).sockets, ==, 0);
	q.r.sdiag_family = AF_INET6;
	q.r.id.idiag_sport = htons(7001);
	CHECK_INT(heard(fd, &q, sizeof(q)).sockets, ==, 0);
	close(fd);
}

/* TCPDIAG_GETSOCK. */
TEST(requests_of_old)
{
	struct {
		struct nlmsghdr h;
		struct inet_diag_req r;
	} q = { { sizeof(q), TCPDIAG_GETSOCK, NLM_F_REQUEST | NLM_F_DUMP, 9, 0 },
		{ .idiag_family = AF_INET, .idiag_states = ~0u } };
	int fd = opened();

	made(AF_INET, SOCK_STREAM, 0, 7000);
	CHECK_INT(heard(fd, &q, sizeof(q)).sockets, ==, 1);
	q.h.nlmsg_len -= 4;
	CHECK_INT(heard(fd, &q, sizeof(q)).error, ==, -EINVAL);
	close(fd);
}

/* More than a socket has room for: the rest is made as it is read. */
TEST(long_lists)
{
	struct ask q = ask(AF_INET, IPPROTO_TCP, NLM_F_DUMP);
	int fd = opened();
	struct told t;

	for (int k = 0; k < MANY; k++)
		CHECK_INT(sock_listen(&cl.env, made(AF_INET, SOCK_STREAM, 0,
			(uint16_t)(10000 + k)), 1), ==, 0);
	for (int k = 0; k < 3; k++) {
		t = heard(fd, &q, sizeof(q));
		CHECK_INT(t.sockets, ==, MANY);
		CHECK_INT(t.done, ==, 1);
		CHECK_INT(t.datagrams, >, MANY / SOCKDIAG_PIECE);
	}
	close(fd);
}

/* The kernel's own answer, as ours. */
TEST(families_of_the_kernel)
{
	struct {
		struct nlmsghdr h;
		struct unix_diag_req r;
	} q = { { sizeof(q), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, 9, 0 },
		{ .sdiag_family = AF_UNIX, .udiag_states = ~0u } };
	int fd = opened();
	struct told t = heard(fd, &q, sizeof(q));

	CHECK_INT(t.sockets, >, 0);
	CHECK_INT(t.done, ==, 1);
	q.r.sdiag_family = 200;
	CHECK_INT(heard(fd, &q, sizeof(q)).error, ==, -EINVAL);
	close(fd);
}
