/* Both ends close at the same time; both names are soon free.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];

	stream_pair(family, fd);
	send_all(fd[0], "x", 1);
	send_all(fd[1], "y", 1);
	await(fd[0], POLLIN);
	await(fd[1], POLLIN);
	say_recv("0", fd[0], 0);
	say_recv("1", fd[1], 0);
	SHOW(close(fd[0]));
	SHOW(close(fd[1]));
	SHOW(close(fd[0]));
	SHOW(close(fd[1]));
}

int main(void)
{
	both_families(look);
	return 0;
}
