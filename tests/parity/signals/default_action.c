/* Signals without a handler: killed in recv, ignored in recv, stopped and continued.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

static int fd[2];

static void wait_there(void *argument)
{
	char b[8];

	if (argument)
		signal(SIGUSR1, SIG_IGN);
	SHOW(recv(fd[0], b, 8, 0));
}

int main(void)
{
	pid_t c;

	stream_pair(AF_INET, fd);
	c = child_start(wait_there, NULL);
	await_asleep(c);
	kill(c, SIGUSR1);
	child_say_end("default", c);
	c = child_start(wait_there, &c);
	await_asleep(c);
	kill(c, SIGUSR1);
	kill(c, SIGCHLD);
	kill(c, SIGWINCH);
	kill(c, SIGSTOP);
	settle();
	kill(c, SIGCONT);
	settle();
	send_x(fd[1]);
	child_say_end("ignored", c);
	return 0;
}
