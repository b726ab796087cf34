/* MSG_ZEROCOPY's notices in the error queue, and TCP_INQ's ancillary data.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#include <linux/errqueue.h>

static void switch_on(int fd, int level, int name, int value)
{
	SHOW(setsockopt(fd, level, name, &value, sizeof(value)));
}

static void is_on(int fd, int level, int name)
{
	socklen_t length = sizeof(int);
	int value = -1;

	SHOW(getsockopt(fd, level, name, &value, &length));
	say("%d", value);
}

static void notice(int fd)
{
	union {
		struct cmsghdr align;
		char room[200];
	} control;
	struct msghdr m = { .msg_control = &control,
		.msg_controllen = sizeof(control) };

	if (SHOW(recvmsg(fd, &m, MSG_ERRQUEUE)) < 0)
		return;
	say("flags %x, control %zu", m.msg_flags, m.msg_controllen);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		struct sock_extended_err ee;

		memcpy(&ee, CMSG_DATA(c), sizeof(ee));
		say("%d %d: errno %u origin %u type %u code %u, %u to %u", c->cmsg_level,
			c->cmsg_type, ee.ee_errno, ee.ee_origin, ee.ee_type, ee.ee_code,
			ee.ee_info, ee.ee_data);
	}
}

/* The notices of `n` sends are there. */
static void await_notices(int fd)
{
	struct pollfd p = { fd, 0, 0 };

	SHOW(poll(&p, 1, LIMIT_MS));
	say("%s", poll_text(p.revents));
}

static void streams(int family)
{
	int fd[2];

	stream_pair(family, fd);
	SHOW(send(fd[0], "abc", 3, MSG_ZEROCOPY));
	notice(fd[0]);
	switch_on(fd[0], SOL_SOCKET, SO_ZEROCOPY, 2);
	switch_on(fd[0], SOL_SOCKET, SO_ZEROCOPY, 1);
	is_on(fd[0], SOL_SOCKET, SO_ZEROCOPY);
	SHOW(send(fd[0], "", 0, MSG_ZEROCOPY));
	SHOW(send(fd[0], "abc", 3, MSG_ZEROCOPY));
	await_notices(fd[0]);
	notice(fd[0]);
	notice(fd[0]);
	SHOW(send(fd[0], "abc", 3, 0));
	notice(fd[0]);
	is_on(fd[0], SOL_SOCKET, SO_ERROR);
	close(fd[0]);
	close(fd[1]);
}

static void left(int fd, size_t n)
{
	union {
		struct cmsghdr align;
		char room[100];
	} control;
	char block[100];
	struct iovec v = { block, n };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	int value = -1;

	SHOW(recvmsg(fd, &m, 0));
	say("flags %x, control %zu", m.msg_flags, m.msg_controllen);
	c = CMSG_FIRSTHDR(&m);
	if (!c)
		return;
	memcpy(&value, CMSG_DATA(c), sizeof(value));
	say("%d %d: %d", c->cmsg_level, c->cmsg_type, value);
}

static void unread(int family)
{
	int fd[2];

	stream_pair(family, fd);
	switch_on(fd[1], IPPROTO_TCP, TCP_INQ, 2);
	switch_on(fd[1], IPPROTO_TCP, TCP_INQ, 1);
	is_on(fd[1], IPPROTO_TCP, TCP_INQ);
	SHOW(send(fd[0], "0123456789", 10, 0));
	left(fd[1], 4);
	left(fd[1], 6);
	SHOW(send(fd[0], "0123456789", 10, 0));
	SHOW(shutdown(fd[0], SHUT_WR));
	await(fd[1], POLLRDHUP); /* the FIN counts */
	left(fd[1], 4);
	left(fd[1], 6);
	left(fd[1], 6);
	close(fd[0]);
	close(fd[1]);
}

static void datagrams(int family)
{
	int to = MUST(socket(family, SOCK_DGRAM, 0));
	int fd = MUST(socket(family, SOCK_DGRAM, 0));
	struct place at = loopback(family, 0);

	MUST(bind(to, &at.any, at.length));
	at = own_place(to);
	switch_on(fd, SOL_SOCKET, SO_ZEROCOPY, 1);
	SHOW(sendto(fd, "abc", 3, MSG_ZEROCOPY, &at.any, at.length));
	await_notices(fd);
	notice(fd);
	notice(fd);
	close(fd);
	close(to);
}

static void look(int family)
{
	streams(family);
	unread(family);
	datagrams(family);
}

int main(void)
{
	both_families(look);
	return 0;
}
