/* Receiving on sockets that are not connected or only listen.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	char b[4];
	struct iovec iov = { b, 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct mmsghdr mm = { .msg_hdr = m };
	struct sockaddr_storage from;
	socklen_t length = (socklen_t)-1;
	int l = listener(family, 1, NULL), s = stream_socket(family), fd[2];
	int u = dgram_bound(family, NULL);

	SHOW(recv(s, b, 1, 0));
	SHOW(read(s, b, 1));
	SHOW(recvmsg(s, &m, 0));
	SHOW(recvmmsg(s, &mm, 1, 0, NULL));
	SHOW(recv(s, b, 1, MSG_PEEK));
	SHOW(recv(l, b, 1, 0));
	SHOW(recv(l, b, 1, MSG_DONTWAIT));
	SHOW(recv(u, b, 1, MSG_DONTWAIT));
	SHOW(recvfrom(u, b, 1, MSG_DONTWAIT, (void *)&from, &length));
	stream_pair(family, fd);
	send_all(fd[0], "abc", 3);
	await(fd[1], POLLIN);
	SHOW(recvfrom(fd[1], b, 1, 0, (void *)&from, &length));
	length = sizeof(from);
	SHOW(recvfrom(fd[1], b, 1, 0, (void *)&from, &length));
	say("length %d", (int)length);
	SHOW(recv(fd[1], b, 4, MSG_DONTWAIT));
}

int main(void)
{
	both_families(look);
	return 0;
}
