/* Urgent data and the end of the connection.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	int fd[2];

	say("fin");
	stream_pair(AF_INET, fd);
	MUST(send(fd[0], "ab", 2, MSG_OOB));
	shutdown(fd[0], SHUT_WR);
	await(fd[1], POLLRDHUP);
	say_poll("ended", fd[1]);
	say_recv("stream", fd[1], 0);
	say_recv("stream", fd[1], 0);
	say_recv("oob", fd[1], MSG_OOB);
	close(fd[0]);
	close(fd[1]);
	say("fin, oob first");
	stream_pair(AF_INET, fd);
	MUST(send(fd[0], "c", 1, MSG_OOB));
	close(fd[0]);
	await(fd[1], POLLRDHUP);
	say_recv("oob", fd[1], MSG_OOB);
	say_recv("oob", fd[1], MSG_OOB);
	say_recv("stream", fd[1], 0);
	close(fd[1]);
	say("reset");
	stream_pair(AF_INET, fd);
	MUST(send(fd[0], "d", 1, MSG_OOB));
	await(fd[1], POLLPRI);
	reset_on_close(fd[0]);
	close(fd[0]);
	await(fd[1], POLLERR);
	say_recv("oob", fd[1], MSG_OOB);
	say_recv("stream", fd[1], 0);
	close(fd[1]);
	say("own shutdown");
	stream_pair(AF_INET, fd);
	shutdown(fd[0], SHUT_WR);
	SHOW(send(fd[0], "e", 1, MSG_OOB | MSG_NOSIGNAL));
	return 0;
}
