/* Calls with nothing to send or to receive.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct msghdr none = { .msg_iovlen = 0 };
	struct iovec empty = { NULL, 0 };
	struct msghdr m = { .msg_iov = &empty, .msg_iovlen = 1 };
	int fd[2];
	char b[4];

	stream_pair(family, fd);
	SHOW(send(fd[0], b, 0, 0));
	SHOW(write(fd[0], b, 0));
	SHOW(sendmsg(fd[0], &none, 0));
	SHOW(sendmsg(fd[0], &m, 0));
	settle();
	say_poll("nothing came", fd[1]);
	SHOW(recv(fd[1], b, 0, MSG_DONTWAIT));
	SHOW(read(fd[1], b, 0));
	SHOW(readv(fd[1], &empty, 1));
	SHOW(recvmsg(fd[1], &none, MSG_DONTWAIT));
	send_all(fd[0], "x", 1);
	await(fd[1], POLLIN);
	SHOW(recv(fd[1], b, 0, 0));
	SHOW(recvmsg(fd[1], &none, 0));
	SHOW(recv(fd[1], b, 4, 0));
	MUST(shutdown(fd[0], SHUT_WR));
	await(fd[1], POLLRDHUP);
	SHOW(recv(fd[1], b, 0, 0));
	reset_on_close(fd[0]);
	close(fd[0]);
	stream_pair(family, fd);
	reset_on_close(fd[0]);
	close(fd[0]);
	await(fd[1], POLLHUP);
	SHOW(recv(fd[1], b, 0, 0));
	SHOW(recv(fd[1], b, 0, 0));
	dgram_pair(family, fd);
	SHOW(send(fd[0], b, 0, 0));
	SHOW(write(fd[0], b, 0));
	SHOW(sendmsg(fd[0], &none, 0));
	await(fd[1], POLLIN);
	SHOW(read(fd[1], b, 0));
	SHOW(recv(fd[1], b, 4, 0));
	SHOW(recv(fd[1], b, 0, 0));
	SHOW(recv(fd[1], b, 4, MSG_DONTWAIT));
	SHOW(recv(fd[1], b, 4, MSG_DONTWAIT));
}

int main(void)
{
	both_families(look);
	return 0;
}
