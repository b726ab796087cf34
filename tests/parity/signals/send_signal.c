/* A blocked send and a signal: EINTR when nothing went, the count when some did.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

static char big[64 << 20];

int main(void)
{
	struct signaller s;
	int fd[2];

	stream_pair(AF_INET, fd);
	handle(SIGUSR1, on_signal, 0);
	fill_by_signals(fd[0], big, sizeof(big));
	handle(SIGUSR1, on_signal, SA_RESTART);
	signal_me(&s, SIGUSR1, drain_it, fd[1]);
	SHOW(send(fd[0], big, 1000, 0));
	thread_join(&s.t);
	return 0;
}
