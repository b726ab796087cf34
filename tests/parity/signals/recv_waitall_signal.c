/* MSG_WAITALL: a signal gives what has come, with and without SA_RESTART.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

int main(void)
{
	struct signaller s;
	char b[8];
	int fd[2];

	stream_pair(AF_INET, fd);
	for (int flags = 0; flags <= SA_RESTART; flags += SA_RESTART) {
		handle(SIGUSR1, on_signal, flags);
		send_all(fd[1], "abc", 3);
		signal_me(&s, SIGUSR1, NULL, 0);
		SHOW(recv(fd[0], b, 8, MSG_WAITALL));
		thread_join(&s.t);
		signal_me(&s, SIGUSR1, send_x, fd[1]);
		SHOW(recv(fd[0], b, 1, MSG_WAITALL));
		thread_join(&s.t);
		if (flags != 0)
			continue;
		await(fd[0], POLLIN);
		SHOW(recv(fd[0], b, 1, MSG_DONTWAIT | MSG_WAITALL));
	}
	return 0;
}
