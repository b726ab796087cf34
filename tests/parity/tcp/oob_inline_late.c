/* SO_OOBINLINE turned on when the urgent byte is there already, and off again.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	int fd[2];

	stream_pair(AF_INET, fd);
	MUST(send(fd[0], "xy", 2, MSG_OOB));
	await(fd[1], POLLPRI);
	set_option(fd[1], SOL_SOCKET, SO_OOBINLINE, 1);
	say_recv("oob, inline", fd[1], MSG_OOB);
	set_option(fd[1], SOL_SOCKET, SO_OOBINLINE, 0);
	say_recv("oob, not inline", fd[1], MSG_OOB | MSG_PEEK);
	say_recv("stream", fd[1], 0);
	set_option(fd[1], SOL_SOCKET, SO_OOBINLINE, 1);
	say_poll("at the mark, inline", fd[1]);
	say_recv("stream, inline", fd[1], 0);
	say_recv("nothing", fd[1], 0);
	return 0;
}
