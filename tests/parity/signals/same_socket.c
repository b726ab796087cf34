/* Handlers that use the very socket whose call they interrupt.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sys/time.h>

#include "sent.h"

static int fd[2];
static volatile long sent, fired;

static void sender(int sig)
{
	char c = 'h';

	fired++;
	if (send(fd[0], &c, 1, MSG_DONTWAIT) == 1)
		sent++;
	recv(fd[0], &c, 1, MSG_DONTWAIT | MSG_PEEK);
}

static void echo(void *argument)
{
	static char b[65536];
	ssize_t n;

	while ((n = recv(fd[1], b, sizeof(b), 0)) > 0)
		*(long *)argument += n;
}

int main(void)
{
	struct itimerval every = { { 0, 100 }, { 0, 100 } }, never = { { 0, 0 }, { 0, 0 } };
	static char b[100000];
	long got = 0, wrote = 0, rounds = 0;
	struct thread t;
	sigset_t all, old;

	stream_pair(AF_INET, fd);
	handle(SIGALRM, sender, SA_RESTART);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	thread_start(&t, echo, &got);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
	while (fired < 2000 && rounds++ < 100000) {
		ssize_t n = send(fd[0], b, (size_t)(1 + rounds * 7919 % 99999), 0);

		if (n > 0)
			wrote += n;
	}
	setitimer(ITIMER_REAL, &never, NULL);
	MUST(shutdown(fd[0], SHUT_WR));
	thread_join(&t);
	say("all arrived: %d", got == wrote + sent);
	say("handlers ran: %d", fired >= 2000);
	return 0;
}
