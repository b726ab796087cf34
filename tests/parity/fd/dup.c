/* dup, dup2 and dup3: results, and what they do to what was there.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	int fd[2], other[2], twin;

	stream_pair(AF_INET, fd);
	stream_pair(AF_INET, other);
	SHOW(dup2(fd[0], fd[0]) == fd[0]);
	SHOW(dup2(99, fd[0]));
	SHOW(dup2(99, 99));
	SHOW(dup3(fd[0], fd[0], 0));
	SHOW(dup3(fd[0], 50, O_CLOEXEC));
	SHOW(fcntl(50, F_GETFD));
	SHOW(dup3(fd[0], other[0], O_NONBLOCK));
	SHOW(dup2(fd[0], -1));
	SHOW(dup2(fd[0], 1 << 30));
	SHOW(dup(99));
	send_all(other[1], "still there", 11);
	await(other[0], POLLIN);
	say_recv("after those", other[0], 0);
	twin = MUST(dup(fd[0]));
	close(fd[0]);
	close(50);
	send_all(twin, "by the twin", 11);
	await(fd[1], POLLIN);
	say_recv("the other end", fd[1], 0);
	MUST(dup2(fd[1], other[0]));
	await(other[1], POLLRDHUP);
	say_recv("the end of what was replaced", other[1], 0);
	close(twin);
	await(fd[1], POLLRDHUP);
	say_recv("the last is closed", other[0], 0);
	return 0;
}
