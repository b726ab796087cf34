/* After the other end has shut down, poll() goes on saying POLLIN until the
 * socket is closed.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];

	stream_pair(family, fd);
	MUST(shutdown(fd[1], SHUT_WR));
	await(fd[0], POLLIN);
	for (int i = 0; i < 3; i++) {
		SHOW(recv(fd[0], &(char){ 0 }, 1, 0));
		say_poll("poll", fd[0]);
	}
	send_all(fd[0], "x", 1);
	await(fd[1], POLLIN);
	say_poll("the other", fd[1]);
}

int main(void)
{
	both_families(look);
	return 0;
}
