/* What recvmsg() leaves in msg_flags, msg_namelen and msg_controllen.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void one(const char *what, int fd, int flags)
{
	struct sockaddr_storage from;
	char b[4], control[64];
	struct iovec iov = { b, sizeof(b) };
	struct msghdr m = { .msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof(control), .msg_flags = 0x7777 };

	SHOW_AS(what, recvmsg(fd, &m, flags));
	say("flags %x, name %u, control %zu, pieces %zu", m.msg_flags, m.msg_namelen,
		m.msg_controllen, m.msg_iovlen);
}

static void look(int family)
{
	int fd[2];

	stream_pair(family, fd);
	send_all(fd[0], "stream data", 11);
	await(fd[1], POLLIN);
	one("stream", fd[1], 0);
	one("stream, peek", fd[1], MSG_PEEK);
	one("stream, trunc", fd[1], MSG_TRUNC);
	one("stream, cloexec", fd[1], MSG_CMSG_CLOEXEC);
	one("stream, nothing", fd[1], MSG_DONTWAIT);
	MUST(shutdown(fd[0], SHUT_WR));
	await(fd[1], POLLRDHUP);
	one("stream, end", fd[1], 0);
	dgram_pair(family, fd);
	MUST(send(fd[0], "much", 4, 0));
	MUST(send(fd[0], "too much", 8, 0));
	MUST(send(fd[0], "", 0, 0));
	await(fd[1], POLLIN);
	one("datagram, fits", fd[1], 0);
	one("datagram, peek", fd[1], MSG_PEEK);
	one("datagram, too long", fd[1], 0);
	one("datagram, empty", fd[1], 0);
	one("datagram, nothing", fd[1], MSG_DONTWAIT);
}

int main(void)
{
	both_families(look);
	return 0;
}
