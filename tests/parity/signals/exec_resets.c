/* exec: handlers are gone, what was ignored stays ignored.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

int main(int argc, char **argv)
{
	struct sigaction a;

	if (argc > 1) {
		MUST(sigaction(SIGUSR1, NULL, &a));
		say("USR1 default %d", a.sa_handler == SIG_DFL);
		MUST(sigaction(SIGUSR2, NULL, &a));
		say("USR2 ignored %d", a.sa_handler == SIG_IGN);
		MUST(sigaction(SIGSEGV, NULL, &a));
		say("SEGV default %d", a.sa_handler == SIG_DFL);
		MUST(sigaction(SIGBUS, NULL, &a));
		say("BUS ignored %d", a.sa_handler == SIG_IGN);
		return 0;
	}
	stream_socket(AF_INET);
	handle(SIGUSR1, on_signal, 0);
	handle(SIGUSR2, SIG_IGN, 0);
	handle(SIGSEGV, on_signal, 0);
	handle(SIGBUS, SIG_IGN, 0);
	execl("/proc/self/exe", argv[0], "again", NULL);
	broken("exec");
}
