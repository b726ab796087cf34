/* What a handler with SA_SIGINFO hears of a signal that interrupted recv.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

static void hear(int sig, siginfo_t *info, void *context)
{
	sigset_t now;

	pthread_sigmask(SIG_SETMASK, NULL, &now);
	handled = sig;
	say("%s code %d value %d mine %d; blocked: itself %d, USR2 %d",
		sig == SIGUSR1 ? "USR1" : sig == SIGCHLD ? "CHLD" : "RT",
		info->si_code, sig == SIGCHLD ? 0 : info->si_value.sival_int,
		info->si_pid == getpid(), sigismember(&now, sig),
		sigismember(&now, SIGUSR2));
}

static void queue(void *argument)
{
	union sigval v = { .sival_int = 77 };

	await_asleep(*(pid_t *)argument);
	sigqueue(getpid(), SIGUSR1, v);
	while (!handled)
		sleep_ms(1);
	await_asleep(*(pid_t *)argument);
	handled = 0;
	sigqueue(getpid(), SIGRTMIN + 3, v);
	while (!handled)
		sleep_ms(1);
	await_asleep(*(pid_t *)argument);
	kill(getpid(), SIGUSR1);
}

int main(void)
{
	pid_t tid = gettid();
	struct sigaction a = { .sa_sigaction = hear,
		.sa_flags = SA_SIGINFO | SA_NODEFER };
	sigset_t all, old;
	struct thread t;
	char b[8];
	int fd[2];

	stream_pair(AF_INET, fd);
	sigaddset(&a.sa_mask, SIGUSR2);
	MUST(sigaction(SIGUSR1, &a, NULL));
	a.sa_flags = SA_SIGINFO;
	MUST(sigaction(SIGRTMIN + 3, &a, NULL));
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	thread_start(&t, queue, &tid);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	for (int k = 0; k < 3; k++)
		SHOW(recv(fd[0], b, 8, 0));
	thread_join(&t);
	pthread_sigmask(SIG_SETMASK, NULL, &old);
	say("blocked after: USR1 %d USR2 %d RT %d", sigismember(&old, SIGUSR1),
		sigismember(&old, SIGUSR2), sigismember(&old, SIGRTMIN + 3));
	return 0;
}
