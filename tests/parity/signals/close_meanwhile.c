/* close() and dup2() by one thread, another sleeping in a call on that number.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

static int fd[2];
static volatile int number;

static void receive(void *argument)
{
	char b[8] = "";
	ssize_t n = recv(number, b, 8, 0);

	say("recv %ld %s", (long)n, n > 0 ? bytes_text(b, (size_t)n) :
		error_name(errno));
}

static void look(void *argument)
{
	struct pollfd p = { .fd = number, .events = POLLIN };
	int n = poll(&p, 1, -1);

	say("poll %d %s", n, poll_text(p.revents));
}

int main(void)
{
	struct thread t;
	int other[2];

	stream_pair(AF_INET, fd);
	number = fd[0];
	thread_start(&t, receive, NULL);
	await_asleep(t.tid);
	MUST(close(fd[0]));
	say("closed: still asleep %d", !thread_ends(&t, 50));
	send_all(fd[1], "late", 4);
	thread_join(&t);

	stream_pair(AF_INET, fd);
	stream_pair(AF_INET, other);
	number = fd[0];
	thread_start(&t, receive, NULL);
	await_asleep(t.tid);
	MUST(dup2(other[0], fd[0]));
	say("replaced: still asleep %d", !thread_ends(&t, 50));
	send_all(other[1], "wrong", 5);
	say("still asleep %d", !thread_ends(&t, 50));
	send_all(fd[1], "right", 5);
	thread_join(&t);
	number = fd[0];
	receive(NULL);

	stream_pair(AF_INET, fd);
	number = fd[0];
	thread_start(&t, look, NULL);
	await_asleep(t.tid);
	MUST(close(fd[0]));
	say("closed: still asleep %d", !thread_ends(&t, 50));
	send_all(fd[1], "late", 4);
	thread_join(&t);
	return 0;
}
