/* close_range() and closefrom(). SPDX-License-Identifier: BSD-2-Clause */
#include <linux/close_range.h>

#include "say.h"

int main(void)
{
	int fd[2];

	stream_pair(AF_INET, fd);
	MUST(dup2(fd[0], 60));
	MUST(dup2(fd[1], 61));
	close(fd[0]);
	close(fd[1]);
	SHOW(close_range(60, 61, CLOSE_RANGE_CLOEXEC));
	SHOW(fcntl(60, F_GETFD));
	send_all(60, "a", 1);
	await(61, POLLIN);
	say_recv("still open", 61, 0);
	SHOW(close_range(61, 60, 0));
	SHOW(close_range(60, 61, 0x10));
	send_all(60, "b", 1);
	SHOW(close_range(60, 60, CLOSE_RANGE_UNSHARE));
	await(61, POLLRDHUP);
	say_recv("a byte", 61, 0);
	say_recv("the end", 61, 0);
	closefrom(61);
	SHOW(fcntl(61, F_GETFD));
	SHOW(close(61));
	SHOW(socket(AF_INET, SOCK_STREAM, 0) >= 0);
	SHOW(close_range(3, ~0u, 0));
	SHOW(socket(AF_INET, SOCK_STREAM, 0));
	return 0;
}
