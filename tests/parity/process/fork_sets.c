/* A set shared with a child: an item stays as long as anybody has the socket open.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int fd[2], ep, go[2];

static void wait_for_go(void)
{
	char byte;

	MUST(read(go[0], &byte, 1));
}

static void closes(void *unused)
{
	(void)unused;
	close(fd[0]);
}

static void holds(void *unused)
{
	(void)unused;
	wait_for_go();
}

static void adds(void *unused)
{
	(void)unused;
	set_add(ep, fd[0], EPOLLIN, 9);
	wait_for_go();
}

static void waits(void *unused)
{
	(void)unused;
	say_wait("the child", ep, 8, LIMIT_MS);
}

static void end(const char *what, pid_t child)
{
	MUST(write(go[1], "g", 1));
	child_say_end(what, child);
}

int main(void)
{
	pid_t child;
	char byte;

	MUST(pipe(go));
	ep = epoll_create1(0);
	stream_pair(AF_INET, fd);
	set_add(ep, fd[0], EPOLLIN, 7);
	child_say_end("closes its copy", child_start(closes, NULL));
	send_all(fd[1], "a", 1);
	say_wait("still in the set", ep, 8, LIMIT_MS);
	recv_all(fd[0], &byte, 1);
	child = child_start(holds, NULL);
	close(fd[0]);
	send_all(fd[1], "b", 1);
	say_wait("closed here, open there", ep, 8, LIMIT_MS);
	end("the holder", child);
	say_wait("gone", ep, 8, 0);
	stream_pair(AF_INET, fd);
	child = child_start(adds, NULL);
	send_all(fd[1], "c", 1);
	say_wait("added there", ep, 8, LIMIT_MS);
	end("who added it", child);
	say_wait("stays", ep, 8, LIMIT_MS);
	recv_all(fd[0], &byte, 1);
	say_wait("read", ep, 8, 0);
	child = child_start(waits, NULL);
	await_asleep(child);
	send_all(fd[1], "d", 1);
	child_say_end("woken", child);
	say_wait("and here", ep, 8, LIMIT_MS);
	return 0;
}
