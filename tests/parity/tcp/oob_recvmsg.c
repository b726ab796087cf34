/* recvmsg tells MSG_OOB, and what becomes of an urgent byte for which there is no
 * room.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void get(const char *what, int fd, size_t size, int flags)
{
	char buf[8] = "-------";
	struct iovec v = { buf, size };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };
	ssize_t n = recvmsg(fd, &m, flags);

	say("%s: %zd %s%s%s %c", what, n, n < 0 ? error_name(errno) : "",
		n >= 0 && m.msg_flags & MSG_OOB ? " OOB" : "",
		n >= 0 && m.msg_flags & MSG_TRUNC ? " TRUNC" : "", buf[0]);
}

int main(void)
{
	int fd[2];

	stream_pair(AF_INET, fd);
	MUST(send(fd[0], "ab", 2, MSG_OOB));
	await(fd[1], POLLPRI);
	get("peek", fd[1], 4, MSG_OOB | MSG_PEEK);
	get("truncated", fd[1], 4, MSG_OOB | MSG_TRUNC | MSG_PEEK);
	get("oob", fd[1], 4, MSG_OOB);
	get("again", fd[1], 4, MSG_OOB);
	get("stream", fd[1], 4, 0);
	MUST(send(fd[0], "c", 1, MSG_OOB));
	await(fd[1], POLLPRI);
	get("no room", fd[1], 0, MSG_OOB);
	get("then", fd[1], 4, MSG_OOB);
	return 0;
}
