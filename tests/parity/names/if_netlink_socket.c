/* A netlink socket's own calls: names, options, waiting, errors.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "netlink_talk.h"

static void said_name(const char *what, int fd)
{
	struct sockaddr_nl nl = { 0 };
	socklen_t len = sizeof(nl);

	if (say_result(what, getsockname(fd, (void *)&nl, &len)) == 0)
		say("  family %d, len %u, pid %s", nl.nl_family == AF_NETLINK, len,
			nl.nl_pid == 0 ? "none" : nl.nl_pid == (uint32_t)getpid() ?
			"ours" : "another");
}

static void nothing(const struct nlmsghdr *n)
{
	(void)n;
}

int main(void)
{
	int fd = MUST(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
	int second = MUST(socket(AF_NETLINK, SOCK_DGRAM, NETLINK_ROUTE));
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK };
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct rtgenmsg g = { AF_UNSPEC };
	struct sockaddr_storage from;
	struct iovec iov;
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	char buf[16];
	struct talk t;

	SHOW(socket(AF_NETLINK, SOCK_STREAM, NETLINK_ROUTE));
	said_name("unbound", fd);
	say_option("domain", fd, SOL_SOCKET, SO_DOMAIN);
	say_option("type", fd, SOL_SOCKET, SO_TYPE);
	say_option("type of the second", second, SOL_SOCKET, SO_TYPE);
	say_option("protocol", fd, SOL_SOCKET, SO_PROTOCOL);
	SHOW(bind(fd, (void *)&in, sizeof(in)));
	SHOW(bind(fd, (void *)&nl, sizeof(nl) - 1));
	SHOW(bind(fd, (void *)&nl, sizeof(nl)));
	said_name("bound", fd);
	SHOW(bind(fd, (void *)&nl, sizeof(nl)));
	SHOW(bind(second, (void *)&nl, sizeof(nl)));
	said_name("the second", second);
	nl.nl_pid = 1;
	SHOW(bind(fd, (void *)&nl, sizeof(nl)));
	SHOW(recv(fd, buf, sizeof(buf), MSG_DONTWAIT));
	say_poll("idle", fd);
	talk_ask(fd, &t, RTM_GETADDR, NLM_F_DUMP, &g, sizeof(g));
	say_poll_until("asked", fd, POLLIN);
	iov = (struct iovec){ buf, sizeof(buf) };
	m.msg_name = &from;
	m.msg_namelen = sizeof(from);
	SHOW(recvmsg(fd, &m, MSG_PEEK));
	memcpy(&nl, &from, sizeof(nl));
	say("cut off %d, name of %u bytes: family %d pid %u",
		!!(m.msg_flags & MSG_TRUNC), m.msg_namelen,
		nl.nl_family == AF_NETLINK, nl.nl_pid);
	say("%d", recv(fd, buf, sizeof(buf), MSG_PEEK | MSG_TRUNC) > 100);
	talk_answers(fd, nothing);
	SHOW(sendto(fd, &t, 4, 0, NULL, 0));
	SHOW(recv(fd, buf, sizeof(buf), MSG_DONTWAIT));
	nl = (struct sockaddr_nl){ .nl_family = AF_NETLINK, .nl_pid = 1 };
	SHOW(sendto(fd, &t, t.n.nlmsg_len, 0, (void *)&nl, sizeof(nl)));
	SHOW(listen(fd, 1));
	SHOW(accept(fd, NULL, NULL));
	SHOW(shutdown(fd, SHUT_WR));
	return 0;
}
