/* getsockname() and getpeername() after a reset, before and after the error is
 * told.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];

	stream_pair(family, fd);
	reset_on_close(fd[1]);
	close(fd[1]);
	await(fd[0], POLLHUP);
	say_names("reset", fd[0]);
	say_so_error("reset", fd[0]);
	say_names("told", fd[0]);
}

int main(void)
{
	both_families(look);
	return 0;
}
