/* A handler with SA_RESTART lets a blocked recv go on.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

int main(void)
{
	struct signaller s;
	char b[8];
	int fd[2];

	stream_pair(AF_INET, fd);
	handle(SIGUSR1, on_signal, SA_RESTART);
	signal_me(&s, SIGUSR1, send_x, fd[1]);
	SHOW(recv(fd[0], b, 8, 0));
	say("handled %s", signal_name(handled));
	thread_join(&s.t);
	dgram_pair(AF_INET, fd);
	signal_me(&s, SIGUSR1, send_x, fd[1]);
	SHOW(recv(fd[0], b, 8, 0));
	say("handled %s", signal_name(handled));
	thread_join(&s.t);
	handle(SIGUSR1, on_signal, 0);
	signal_me(&s, SIGUSR1, NULL, 0);
	SHOW(recv(fd[0], b, 8, 0));
	thread_join(&s.t);
	return 0;
}
