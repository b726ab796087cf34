/* A process is killed: its connections end, and those it shared do not.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int shared[2], ready[2];
static struct place at;

static void victim(void *unused)
{
	int own = connected_to(&at);

	(void)unused;
	send_all(own, "own", 3);
	send_all(shared[0], "shared", 6);
	MUST(write(ready[1], "r", 1));
	pause();
}

int main(void)
{
	int l = listener(AF_INET, 4, &at), a, ep = epoll_create1(0);
	char byte;
	pid_t pid;

	MUST(pipe(ready));
	stream_pair(AF_INET, shared);
	pid = child_start(victim, NULL);
	a = accept_one(l);
	set_add(ep, a, EPOLLIN | EPOLLRDHUP | EPOLLET, 1);
	MUST(read(ready[0], &byte, 1));
	say_wait("bytes", ep, 8, LIMIT_MS);
	kill(pid, SIGKILL);
	child_say_end("the victim", pid);
	say_wait("its end", ep, 8, LIMIT_MS);
	say_recv("its bytes", a, 0);
	say_recv("then", a, 0);
	say_recv("shared bytes", shared[1], 0);
	say_poll("and it lives", shared[1]);
	return 0;
}
