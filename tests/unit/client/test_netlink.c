/* NETLINK_ROUTE sockets: names, requests sent, answers read, options.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <unistd.h>

#include "netlink.h"
#include "networld.h"

/* As netlink_socket() makes it, on a host that this process need not join. */
static int opened(bool raw)
{
	int fd;

	networld();
	fd = standin_open(SOCK_DGRAM, SOCK_CLOEXEC | SOCK_NONBLOCK);
	CHECK_INT(fd, >=, 0);
	fd_set_netlink(fd, raw, false);
	CHECK(fd_is_netlink(fd));
	return fd;
}

static uint32_t own_number(int fd)
{
	struct sockaddr_nl nl = { .nl_pid = 1 };
	socklen_t len = sizeof(nl);

	CHECK_INT(netlink_name(fd, (struct sockaddr *)&nl, &len), ==, 0);
	CHECK_INT(len, ==, sizeof(nl));
	CHECK_INT(nl.nl_family, ==, AF_NETLINK);
	return nl.nl_pid;
}

static int bind_to(int fd, uint32_t number)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK, .nl_pid = number };

	return netlink_bind(fd, (struct sockaddr *)&nl, sizeof(nl));
}

TEST(names)
{
	struct sockaddr_nl nl = { .nl_family = AF_INET };
	int a = opened(true), b = standin_open(SOCK_DGRAM, SOCK_CLOEXEC);

	CHECK_INT(own_number(a), ==, 0);
	CHECK_INT(bind_to(a, 0), ==, 0);
	CHECK_INT(own_number(a), ==, getpid());
	CHECK_INT(bind_to(a, (uint32_t)getpid()), ==, 0);
	CHECK_INT(bind_to(a, 12), ==, -EINVAL);
	CHECK_INT(bind_to(b, (uint32_t)getpid()), ==, -EADDRINUSE);
	CHECK_INT(bind_to(b, 0), ==, 0); /* the process' number is taken */
	CHECK_INT(own_number(b), ==, UINT32_MAX - 4095);
	CHECK_INT(netlink_bind(a, NULL, sizeof(nl)), ==, -EFAULT);
	CHECK_INT(netlink_bind(a, (struct sockaddr *)&nl, sizeof(nl)), ==, -EINVAL);
	CHECK_INT(netlink_bind(a, (struct sockaddr *)&nl, 4), ==, -EINVAL);
	close(a);
	close(b);
}

TEST(only_the_kernel_is_there)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK };
	struct sockaddr *sa = (struct sockaddr *)&nl;
	socklen_t len = 4;
	int fd = opened(false);

	CHECK_INT(netlink_connect(fd, sa, sizeof(nl)), ==, 0);
	CHECK_INT(own_number(fd), ==, getpid());
	nl.nl_pid = 9;
	CHECK_INT(netlink_connect(fd, sa, sizeof(nl)), ==, -EPERM);
	CHECK_INT(netlink_sendto(fd, "", 0, 0, sa, sizeof(nl)), ==, -ECONNREFUSED);
	nl = (struct sockaddr_nl){ .nl_family = AF_NETLINK, .nl_groups = 1 };
	CHECK_INT(netlink_sendto(fd, "", 0, 0, sa, sizeof(nl)), ==, -EPERM);
	CHECK_INT(netlink_sendto(fd, "", 0, MSG_OOB, NULL, 0), ==, -EOPNOTSUPP);
	CHECK_INT(netlink_peer(fd, sa, &len), ==, 0); /* cut, the length told */
	CHECK_INT(len, ==, sizeof(nl));
	len = (socklen_t)-1;
	CHECK_INT(netlink_peer(fd, sa, &len), ==, -EINVAL);
	CHECK_INT(netlink_peer(fd, NULL, &len), ==, -EFAULT);
	close(fd);
}

/* Two questions in one datagram; each answer ends by itself. */
TEST(questions_and_answers)
{
	struct question {
		struct nlmsghdr h;
		struct rtgenmsg g;
	} q[2] = { 0 };
	struct sockaddr_nl from = { .nl_pid = 1 };
	socklen_t len = sizeof(from);
	uint8_t bytes[4096];
	unsigned done = 0, links = 0, addrs = 0;
	int fd = opened(false);
	ssize_t n;

	for (int k = 0; k < 2; k++)
		q[k] = (struct question){ .h = { .nlmsg_len = sizeof(q[0]),
			.nlmsg_type = k ? RTM_GETADDR : RTM_GETLINK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
			.nlmsg_seq = 3 + (unsigned)k } };
	CHECK_INT(netlink_sendto(fd, q, sizeof(q), 0, NULL, 0), ==, sizeof(q));
	while ((n = netlink_recvfrom(fd, bytes, sizeof(bytes), 0,
			(struct sockaddr *)&from, &len)) > 0) {
		CHECK_INT(from.nl_pid, ==, 0);
		for (const struct nlmsghdr *h = (struct nlmsghdr *)bytes;
			NLMSG_OK(h, (size_t)n); h = NLMSG_NEXT(h, n)) {
			CHECK_INT(h->nlmsg_pid, ==, getpid());
			CHECK_INT(h->nlmsg_seq, ==, 3 + (done > 0));
			done += h->nlmsg_type == NLMSG_DONE;
			links += h->nlmsg_type == RTM_NEWLINK;
			addrs += h->nlmsg_type == RTM_NEWADDR;
		}
	}
	CHECK_INT(n, ==, -EAGAIN);
	CHECK_INT(done, ==, 2);
	CHECK_INT(links, ==, 3);
	CHECK_INT(addrs, ==, 5);
	close(fd);
}

/* Lengths that lie end the datagram's reading; what is too long is refused. */
TEST(broken_requests)
{
	struct nlmsghdr h = { .nlmsg_type = RTM_GETLINK,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP };
	static uint8_t many[20000];
	uint8_t byte;
	int fd = opened(false);

	for (uint32_t len = 0; len < 40; len++) {
		h.nlmsg_len = len == sizeof(h) ? 0 : len;
		CHECK_INT(netlink_sendto(fd, &h, sizeof(h), 0, NULL, 0), ==, sizeof(h));
	}
	CHECK_INT(netlink_sendto(fd, &h, 3, 0, NULL, 0), ==, 3);
	CHECK_INT(netlink_recvfrom(fd, &byte, 1, 0, NULL, NULL), ==, -EAGAIN);
	CHECK_INT(netlink_sendto(fd, many, sizeof(many), 0, NULL, 0), ==, -EMSGSIZE);
	CHECK_INT(netlink_sendmsg(fd, NULL, 0), ==, -EFAULT);
	CHECK_INT(netlink_recvmsg(fd, NULL, 0), ==, -EFAULT);
	close(fd);
}

static int asked(int fd, int level, int name)
{
	socklen_t len = sizeof(int);
	int v = -1, err = netlink_getopt(fd, level, name, &v, &len);

	return err < 0 ? err : v;
}

TEST(options)
{
	uint32_t group = RTNLGRP_LINK, none = 0, big = 65;
	int fd = opened(true);

	CHECK_INT(asked(fd, SOL_SOCKET, SO_DOMAIN), ==, AF_NETLINK);
	CHECK_INT(asked(fd, SOL_SOCKET, SO_TYPE), ==, SOCK_RAW);
	CHECK_INT(asked(fd, SOL_SOCKET, SO_PROTOCOL), ==, NETLINK_ROUTE);
	CHECK_INT(asked(fd, SOL_SOCKET, SO_ERROR), ==, 0);
	CHECK_INT(asked(fd, SOL_NETLINK, 1), ==, -ENOPROTOOPT);
	CHECK_INT(netlink_setopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
		sizeof(group)), ==, 0);
	CHECK_INT(netlink_setopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &none,
		sizeof(none)), ==, -EINVAL);
	CHECK_INT(netlink_setopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &big,
		sizeof(big)), ==, -EINVAL);
	CHECK_INT(netlink_setopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, 1),
		==, -EINVAL);
	CHECK_INT(netlink_setopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, NULL,
		sizeof(group)), ==, -EFAULT);
	CHECK_INT(netlink_setopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &group,
		sizeof(group)), ==, -ENOPROTOOPT);
	CHECK_INT(netlink_getopt(fd, SOL_SOCKET, SO_TYPE, NULL, NULL), ==, -EFAULT);
	fd_set_netlink(fd, false, false);
	CHECK_INT(asked(fd, SOL_SOCKET, SO_TYPE), ==, SOCK_DGRAM);
	close(fd);
}
