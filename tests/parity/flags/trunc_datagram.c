/* Datagrams longer than the room: cut, marked, and with MSG_TRUNC their whole
 * length.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	char b[4];
	struct iovec iov = { b, sizeof(b) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	int fd[2];

	dgram_pair(family, fd);
	for (int i = 0; i < 6; i++)
		MUST(send(fd[0], "0123456789", 10, 0));
	MUST(send(fd[0], "ab", 2, 0));
	await(fd[1], POLLIN);
	SHOW(recv(fd[1], b, sizeof(b), 0));
	SHOW(recv(fd[1], b, sizeof(b), MSG_TRUNC));
	SHOW(recv(fd[1], b, 0, MSG_PEEK));
	SHOW(recv(fd[1], NULL, 0, MSG_PEEK | MSG_TRUNC));
	SHOW(recv(fd[1], NULL, 0, 0));
	SHOW(recvmsg(fd[1], &m, 0));
	say("flags %x", m.msg_flags);
	SHOW(recvmsg(fd[1], &m, MSG_TRUNC));
	say("flags %x", m.msg_flags);
	SHOW(recvmsg(fd[1], &m, MSG_PEEK | MSG_TRUNC));
	say("flags %x", m.msg_flags);
	MUST(recv(fd[1], b, sizeof(b), 0));
	SHOW(recvmsg(fd[1], &m, MSG_TRUNC));
	say("flags %x", m.msg_flags);
}

int main(void)
{
	both_families(look);
	return 0;
}
