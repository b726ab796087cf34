/* A process that is killed: its connections end, its listener refuses.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static struct place at;
static int l, ready[2];

static void child(void *unused)
{
	int a = accept_one(l);

	send_all(a, "hello", 5);
	MUST(write(ready[1], "x", 1));
	for (;;)
		pause();
}

static void look(int family)
{
	pid_t pid;
	char b;
	int c, d;

	l = listener(family, 5, &at);
	MUST(pipe(ready));
	pid = child_start(child, NULL);
	close(l);
	c = connected_to(&at);
	MUST(read(ready[0], &b, 1));
	kill(pid, SIGKILL);
	child_say_end("child", pid);
	say_poll_until("connection", c, POLLRDHUP);
	say_recv("recv", c, 0);
	say_recv("recv", c, 0);
	d = stream_socket(family);
	SHOW(connect(d, &at.any, at.length));
}

int main(void)
{
	both_families(look);
	return 0;
}
