/* With SO_RCVTIMEO or SO_SNDTIMEO a call never begins again, whatever SA_RESTART.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

static char big[64 << 20];

int main(void)
{
	struct timeval t = { 5, 0 };
	struct signaller s;
	char b[8];
	int fd[2], l;

	stream_pair(AF_INET, fd);
	handle(SIGUSR1, on_signal, SA_RESTART);
	MUST(setsockopt(fd[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t)));
	MUST(setsockopt(fd[0], SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t)));
	signal_me(&s, SIGUSR1, NULL, 0);
	SHOW(recv(fd[0], b, 8, 0));
	thread_join(&s.t);
	fill_by_signals(fd[0], big, sizeof(big));
	l = listener(AF_INET, 5, NULL);
	MUST(setsockopt(l, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t)));
	signal_me(&s, SIGUSR1, NULL, 0);
	SHOW(accept(l, NULL, NULL));
	thread_join(&s.t);
	return 0;
}
