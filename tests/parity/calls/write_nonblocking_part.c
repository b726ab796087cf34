/* A non-blocking write that finds little room takes a part.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	static char block[64 << 20];
	int fd[2];
	ssize_t n, got;

	stream_pair(family, fd);
	set_nonblocking(fd[0], true);
	n = MUST(write(fd[0], block, sizeof(block)));
	say("a part: %d", n > 0 && n < (ssize_t)sizeof(block));
	while (write(fd[0], block, sizeof(block)) > 0)
		;
	say("then: %s", error_name(errno));
	got = drain(fd[1]);
	say("all of it came: %d", got >= n);
	await(fd[0], POLLOUT);
	say("room again: %d", write(fd[0], block, 1000) == 1000);
}

int main(void)
{
	both_families(look);
	return 0;
}
