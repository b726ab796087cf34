/* One urgent byte: only the last of a send is urgent, recv stops before it, and it
 * is read once.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	char c = '-';
	int fd[2];

	stream_pair(AF_INET, fd);
	SHOW(recv(fd[1], &c, 1, MSG_OOB));
	SHOW(send(fd[0], "abc", 3, MSG_OOB));
	await(fd[1], POLLPRI);
	say_recv("oob", fd[1], MSG_OOB);
	say_recv("oob again", fd[1], MSG_OOB);
	say_recv("stream", fd[1], 0);
	say_recv("stream again", fd[1], 0);
	say_recv("oob at the end", fd[1], MSG_OOB);
	send_all(fd[0], "de", 2);
	await(fd[1], POLLIN);
	say_recv("after the mark", fd[1], 0);
	say_recv("oob behind the mark", fd[1], MSG_OOB);
	return 0;
}
