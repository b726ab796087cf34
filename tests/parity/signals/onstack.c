/* SA_ONSTACK and SA_RESETHAND with a handler that interrupts recv.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

static char stack[65536];

static void where(int sig)
{
	char here;

	handled = sig;
	say("on the other stack: %d", &here >= stack && &here < stack + sizeof(stack));
}

int main(void)
{
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction a;
	struct signaller s;
	char b[8];
	int fd[2];

	stream_pair(AF_INET, fd);
	MUST(sigaltstack(&ss, NULL));
	handle(SIGUSR1, where, SA_ONSTACK);
	signal_me(&s, SIGUSR1, NULL, 0);
	SHOW(recv(fd[0], b, 8, 0));
	thread_join(&s.t);
	handle(SIGUSR1, where, SA_RESETHAND);
	signal_me(&s, SIGUSR1, NULL, 0);
	SHOW(recv(fd[0], b, 8, 0));
	thread_join(&s.t);
	MUST(sigaction(SIGUSR1, NULL, &a));
	say("default again: %d", a.sa_handler == SIG_DFL);
	return 0;
}
