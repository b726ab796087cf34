/* What sigaction() and signal() tell of a program's own handlers.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sys/syscall.h>

#include "sent.h"

static void other(int sig, siginfo_t *info, void *context)
{
	handled = info->si_value.sival_int;
}

static void tell(const char *what, int sig)
{
	struct sigaction a;

	MUST(sigaction(sig, NULL, &a));
	say("%s: %s%s flags %x, USR2 in mask %d", what,
		a.sa_handler == SIG_DFL ? "default" :
		a.sa_handler == SIG_IGN ? "ignored" :
		a.sa_handler == on_signal ? "on_signal" :
		a.sa_sigaction == other ? "other" : "?", "",
		(unsigned)a.sa_flags & ~0x04000000u, sigismember(&a.sa_mask, SIGUSR2));
}

int main(void)
{
	struct sigaction a = { .sa_handler = on_signal, .sa_flags = SA_NODEFER }, old;
	int fd = stream_socket(AF_INET);

	tell("at first", SIGUSR1);
	sigaddset(&a.sa_mask, SIGUSR2);
	SHOW(sigaction(SIGUSR1, &a, &old));
	say("before: default %d", old.sa_handler == SIG_DFL);
	tell("set", SIGUSR1);
	handle_info(SIGUSR1, other, SA_RESTART | SA_ONSTACK);
	tell("again", SIGUSR1);
	say("signal() gives other: %d", (void *)signal(SIGUSR1, on_signal) ==
		(void *)other);
	tell("by signal()", SIGUSR1);
	say("signal() gives on_signal: %d", signal(SIGUSR1, SIG_IGN) == on_signal);
	tell("ignored", SIGUSR1);
	raise(SIGUSR1);
	say("handled %d", handled);
	handle(SIGUSR1, on_signal, SA_RESETHAND);
	tell("once", SIGUSR1);
	raise(SIGUSR1);
	say("handled %s", signal_name(handled));
	tell("afterwards", SIGUSR1);
	tell("SEGV", SIGSEGV);
	handle(SIGSEGV, on_signal, 0);
	tell("SEGV set", SIGSEGV);
	signal(SIGSEGV, SIG_DFL);
	tell("SEGV default", SIGSEGV);
	SHOW(sigaction(SIGKILL, &a, NULL));
	SHOW(sigaction(65, &a, NULL));
	SHOW(sigaction(32, &a, NULL));
	SHOW(sigaction(0, NULL, NULL));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, NULL, 4));
	close(fd);
	return 0;
}
