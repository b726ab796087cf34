/* MSG_PEEK with urgent data: of the urgent byte, and of the stream around it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	int fd[2];

	stream_pair(AF_INET, fd);
	send_all(fd[0], "ab", 2);
	MUST(send(fd[0], "U", 1, MSG_OOB));
	send_all(fd[0], "cd", 2);
	await(fd[1], POLLPRI);
	settle();
	say_recv("peek oob", fd[1], MSG_OOB | MSG_PEEK);
	say_recv("peek oob again", fd[1], MSG_OOB | MSG_PEEK);
	say_recv("peek", fd[1], MSG_PEEK);
	say_recv("read", fd[1], 0);
	SHOW(sockatmark(fd[1]));
	say_recv("peek at the mark", fd[1], MSG_PEEK);
	SHOW(sockatmark(fd[1]));
	say_recv("oob", fd[1], MSG_OOB);
	say_recv("peek oob when read", fd[1], MSG_OOB | MSG_PEEK);
	say_recv("read behind", fd[1], 0);
	return 0;
}
