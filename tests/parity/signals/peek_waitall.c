/* MSG_PEEK|MSG_WAITALL waits for all, takes nothing, and is woken by the end.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

static int fd[2];

static void peek(void *argument)
{
	char b[8];

	SHOW(recv(fd[0], b, 6, MSG_PEEK | MSG_WAITALL));
}

int main(void)
{
	struct signaller s;
	struct thread t;
	char b[8];

	stream_pair(AF_INET, fd);
	send_all(fd[1], "ab", 2);
	thread_start(&t, peek, NULL);
	await_asleep(t.tid);
	send_all(fd[1], "cd", 2);
	say("more needed: %d", !thread_ends(&t, 30));
	send_all(fd[1], "ef", 2);
	thread_join(&t);
	SHOW(recv(fd[0], b, 8, MSG_DONTWAIT));
	send_all(fd[1], "gh", 2);
	handle(SIGUSR1, on_signal, 0);
	signal_me(&s, SIGUSR1, NULL, 0);
	SHOW(recv(fd[0], b, 6, MSG_PEEK | MSG_WAITALL));
	thread_join(&s.t);
	thread_start(&t, peek, NULL);
	await_asleep(t.tid);
	MUST(shutdown(fd[1], SHUT_WR));
	thread_join(&t);
	return 0;
}
