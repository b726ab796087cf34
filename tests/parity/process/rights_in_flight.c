/* A socket that is nowhere but on its way over a Unix socket lives; it ends when
 * that ends. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void give(int to, int fd)
{
	char byte = 'f', room[CMSG_SPACE(sizeof(int))] = "";
	struct iovec v = { &byte, 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = room,
		.msg_controllen = sizeof(room) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(int));
	MUST(sendmsg(to, &m, 0));
}

int main(void)
{
	char byte, room[CMSG_SPACE(sizeof(int))];
	struct iovec v = { &byte, 1 };
	struct mmsghdr one = { .msg_hdr = { .msg_iov = &v, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof(room) } };
	int fd[2], way[2], got;

	MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, way));
	stream_pair(AF_INET, fd);
	give(way[0], fd[0]);
	close(fd[0]);
	SHOW(send(fd[1], "in flight", 9, MSG_NOSIGNAL));
	say_poll("the other end", fd[1]);
	SHOW(recvmmsg(way[1], &one, 1, 0, NULL));
	memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&one.msg_hdr)), sizeof(int));
	await(got, POLLIN);
	say_recv("received", got, 0);
	give(way[0], got);
	close(got);
	close(way[0]);
	say_poll("on its way again", fd[1]);
	close(way[1]);
	await(fd[1], POLLRDHUP);
	say_recv("nobody took it", fd[1], 0);
	return 0;
}
