/* Signals sent to a thread that is known to wait, for the parity programs here.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef PARITY_SENT_H
#define PARITY_SENT_H

#include "../say.h"

static volatile sig_atomic_t handled;

static inline void on_signal(int sig)
{
	handled = sig;
}

static inline void handle(int sig, void (*handler)(int), int flags)
{
	struct sigaction a = { .sa_handler = handler, .sa_flags = flags };

	MUST(sigaction(sig, &a, NULL));
}

static inline void handle_info(int sig, void (*handler)(int, siginfo_t *, void *),
	int flags)
{
	struct sigaction a = { .sa_sigaction = handler,
		.sa_flags = flags | SA_SIGINFO };

	MUST(sigaction(sig, &a, NULL));
}

/* A thread that signals the one that made it once that sleeps, and then does
 * something that ends its call in any case. */
struct signaller {
	struct thread t;
	pthread_t to;
	pid_t tid;
	int sig;
	void (*then)(int fd);
	int fd;
};

static inline void signaller_run(void *argument)
{
	struct signaller *s = argument;

	await_asleep(s->tid);
	pthread_kill(s->to, s->sig);
	if (s->then) {
		while (!handled)
			sleep_ms(1);
		sleep_ms(30);
		s->then(s->fd);
	}
}

static inline void signal_me(struct signaller *s, int sig, void (*then)(int), int fd)
{
	sigset_t set, old;

	*s = (struct signaller){ .to = pthread_self(), .tid = gettid(), .sig = sig,
		.then = then, .fd = fd };
	handled = 0;
	sigfillset(&set);
	pthread_sigmask(SIG_SETMASK, &set, &old);
	thread_start(&s->t, signaller_run, s);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static inline void send_x(int fd)
{
	send_all(fd, "x", 1);
}

/* Blocks in send, with a signal each time, until nothing of it goes any more: the
 * kernel finds a little room again and again. */
static inline void fill_by_signals(int fd, const char *big, size_t size)
{
	struct signaller s;
	ssize_t n;
	int k = 0;

	do {
		signal_me(&s, SIGUSR1, NULL, 0);
		errno = 0;
		n = send(fd, big, size, 0);
		thread_join(&s.t);
	} while (n > 0 && n < (ssize_t)size && ++k < 20);
	say("some went: %d, then %ld %s", k > 0, (long)n, error_name(errno));
}

static inline void drain_it(int fd)
{
	drain(fd);
}

#endif
