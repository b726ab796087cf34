/* A fork at any time: before listen, while connected, with bytes on the way; the
 * connection ends with the last copy. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int s, fd[2];

static void listens(void *unused)
{
	(void)unused;
	SHOW(listen(s, 4));
}

static void reads_one(void *unused)
{
	(void)unused;
	say_recv("the child", fd[0], 0);
}

static void keeps(void *pipe_end)
{
	char byte;

	(void)read(*(int *)pipe_end, &byte, 1);
}

static void shuts(void *unused)
{
	(void)unused;
	SHOW(shutdown(fd[0], SHUT_WR));
}

int main(void)
{
	struct place at = loopback(AF_INET, 0);
	int pipes[2];
	pid_t child;

	s = stream_socket(AF_INET);
	MUST(bind(s, &at.any, at.length));
	child_say_end("listens", child_start(listens, NULL));
	at = own_place(s);
	SHOW(connect(stream_socket(AF_INET), &at.any, at.length));
	SHOW(accept(s, NULL, NULL) >= 0);
	stream_pair(AF_INET, fd);
	send_all(fd[1], "abc", 3);
	await(fd[0], POLLIN);
	child_say_end("reads", child_start(reads_one, NULL));
	say_recv("read there", fd[0], MSG_DONTWAIT);
	MUST(pipe(pipes));
	child = child_start(keeps, &pipes[0]);
	close(fd[0]);
	send_all(fd[1], "d", 1);
	say_recv("the child has it open", fd[1], MSG_DONTWAIT);
	MUST(write(pipes[1], "g", 1));
	child_say_end("keeps", child);
	await(fd[1], POLLERR);
	say_recv("nobody has", fd[1], 0);
	stream_pair(AF_INET, fd);
	child_say_end("shuts", child_start(shuts, NULL));
	await(fd[1], POLLRDHUP);
	say_recv("shut for all", fd[1], 0);
	SHOW(send(fd[0], "x", 1, MSG_NOSIGNAL));
	return 0;
}
