/* SIGPIPE: which calls raise it, and when.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static volatile sig_atomic_t signals;

static void on_sigpipe(int signal)
{
	signals++;
}

static void show(const char *what, long result)
{
	int error = errno;

	say("%s: %s, %d signals", what, result < 0 ? error_name(error) : "sent",
		(int)signals);
	signals = 0;
}

static void look(int family)
{
	struct iovec iov = { (char[]){ "x" }, 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	int s = stream_socket(family), fd[2];

	signal(SIGPIPE, on_sigpipe);
	show("send, fresh", send(s, "x", 1, 0));
	show("send, fresh, quiet", send(s, "x", 1, MSG_NOSIGNAL));
	stream_pair(family, fd);
	MUST(shutdown(fd[0], SHUT_WR));
	show("send", send(fd[0], "x", 1, 0));
	show("send, quiet", send(fd[0], "x", 1, MSG_NOSIGNAL));
	show("write", write(fd[0], "x", 1));
	show("writev", writev(fd[0], &iov, 1));
	show("sendmsg", sendmsg(fd[0], &m, 0));
	show("sendmsg, quiet", sendmsg(fd[0], &m, MSG_NOSIGNAL));
	show("write nothing", write(fd[0], "x", 0));
	show("send nothing", send(fd[0], "x", 0, 0));
	stream_pair(family, fd);
	reset_on_close(fd[1]);
	close(fd[1]);
	await(fd[0], POLLHUP);
	show("reset, first", send(fd[0], "x", 1, 0));
	show("reset, second", send(fd[0], "x", 1, 0));
}

int main(void)
{
	both_families(look);
	return 0;
}
