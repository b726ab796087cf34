/* A signal that only the call's mask blocks waits for the call's end.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

static void kick(void *argument)
{
	pid_t *tid = argument;

	await_asleep(*tid);
	kill(getpid(), SIGUSR1);
}

int main(void)
{
	struct timespec t = { 0, 300000000 };
	struct thread th;
	struct pollfd p;
	sigset_t usr1, all;
	pid_t tid = gettid();
	int fd[2];

	stream_pair(AF_INET, fd);
	p = (struct pollfd){ .fd = fd[0], .events = POLLIN };
	handle(SIGUSR1, on_signal, 0);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	thread_start(&th, kick, &tid);
	sigemptyset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	SHOW(ppoll(&p, 1, &t, &usr1));
	say("handled after it: %d", handled == SIGUSR1);
	thread_join(&th);
	return 0;
}
