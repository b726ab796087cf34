/* Urgent bytes one right behind the other.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	int fd[2];

	stream_pair(AF_INET, fd);
	for (const char *p = "123"; *p; p++) {
		MUST(send(fd[0], p, 1, MSG_OOB));
		settle(); /* each is announced by itself */
	}
	await(fd[1], POLLPRI);
	settle();
	say_poll("three", fd[1]);
	say_recv("oob", fd[1], MSG_OOB);
	SHOW(sockatmark(fd[1]));
	say_recv("stream", fd[1], 0);
	SHOW(sockatmark(fd[1]));
	say_recv("stream", fd[1], 0);
	for (const char *p = "456"; *p; p++) {
		MUST(send(fd[0], p, 1, MSG_OOB));
		await(fd[1], POLLPRI);
		say_recv("each", fd[1], MSG_OOB);
	}
	say_poll("after each", fd[1]);
	say_recv("stream", fd[1], 0);
	SHOW(sockatmark(fd[1]));
	send_all(fd[0], "z", 1);
	await(fd[1], POLLIN);
	say_recv("stream", fd[1], 0);
	return 0;
}
