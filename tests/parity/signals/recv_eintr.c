/* A handler without SA_RESTART ends a blocked recv, read, recvmsg.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

int main(void)
{
	struct signaller s;
	char b[8];
	struct iovec v = { b, 8 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };
	int fd[2];

	stream_pair(AF_INET, fd);
	handle(SIGUSR1, on_signal, 0);
	signal_me(&s, SIGUSR1, NULL, 0);
	SHOW(recv(fd[0], b, 8, 0));
	thread_join(&s.t);
	signal_me(&s, SIGUSR1, NULL, 0);
	SHOW(read(fd[0], b, 8));
	thread_join(&s.t);
	signal_me(&s, SIGUSR1, NULL, 0);
	SHOW(recvmsg(fd[1], &m, 0));
	thread_join(&s.t);
	send_all(fd[1], "abc", 3);
	SHOW(recv(fd[0], b, 8, 0));
	return 0;
}
