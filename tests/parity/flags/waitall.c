/* MSG_WAITALL on a stream: all of it, or what came before the end.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int fd[2];

static void writer(void *unused)
{
	for (int i = 0; i < 10; i++) {
		send_all(fd[0], "0123456789", 10);
		sleep_ms(2);
	}
	MUST(shutdown(fd[0], SHUT_WR));
}

static void look(int family)
{
	char b[200];
	struct iovec iov[3] = { { b, 10 }, { b + 10, 15 }, { b + 25, 15 } };
	struct msghdr m = { .msg_iov = iov, .msg_iovlen = 3 };
	struct thread t;

	stream_pair(family, fd);
	thread_start(&t, writer, NULL);
	SHOW(recv(fd[1], b, 35, MSG_WAITALL));
	SHOW(recvmsg(fd[1], &m, MSG_WAITALL));
	SHOW(recv(fd[1], b, 200, MSG_WAITALL));
	SHOW(recv(fd[1], b, 200, MSG_WAITALL));
	thread_join(&t);
}

int main(void)
{
	both_families(look);
	return 0;
}
