/* SIGURG goes to the owner of the receiving end, whoever sends.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void wait_signal(const char *what)
{
	struct timespec limit = { LIMIT_MS / 1000, 0 };
	siginfo_t info = { 0 };
	sigset_t set;
	int n;

	sigemptyset(&set);
	sigaddset(&set, SIGURG);
	n = sigtimedwait(&set, &info, &limit);
	say("%s: %s", what, n == SIGURG ? "SIGURG" : error_name(errno));
}

int main(void)
{
	sigset_t set;
	int fd[2];

	sigemptyset(&set);
	sigaddset(&set, SIGURG);
	sigprocmask(SIG_BLOCK, &set, NULL);
	stream_pair(AF_INET, fd);
	say("owner %d", MUST(fcntl(fd[1], F_GETOWN)));
	MUST(fcntl(fd[1], F_SETOWN, getpid()));
	say("owner is me: %d", fcntl(fd[1], F_GETOWN) == getpid());
	MUST(send(fd[0], "!", 1, MSG_OOB));
	wait_signal("same process");
	if (fork() == 0) {
		MUST(send(fd[0], "?", 1, MSG_OOB));
		_exit(0);
	}
	wait_signal("from a child");
	wait(NULL);
	say_recv("oob", fd[1], MSG_OOB);
	return 0;
}
