/* MSG_NOSIGNAL keeps SIGPIPE away for that call only; a datagram socket raises
 * none.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static volatile sig_atomic_t signals;

static void on_sigpipe(int signal)
{
	signals++;
}

static void look(int family)
{
	int fd[2];

	signal(SIGPIPE, on_sigpipe);
	signals = 0;
	stream_pair(family, fd);
	MUST(shutdown(fd[0], SHUT_WR));
	SHOW(send(fd[0], "x", 1, MSG_NOSIGNAL));
	say("%d", (int)signals);
	SHOW(send(fd[0], "x", 1, 0));
	say("%d", (int)signals);
	SHOW(send(fd[0], "x", 1, MSG_NOSIGNAL));
	say("%d", (int)signals);
	dgram_pair(family, fd);
	MUST(shutdown(fd[0], SHUT_WR));
	SHOW(send(fd[0], "x", 1, 0));
	say("%d", (int)signals);
}

int main(void)
{
	both_families(look);
	return 0;
}
