/* shutdown(): bad forms, in states in which it cannot be.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int s = stream_socket(family), u = dgram_socket(family), fd[2];

	SHOW(shutdown(s, SHUT_RD));
	SHOW(shutdown(s, SHUT_WR));
	SHOW(shutdown(s, SHUT_RDWR));
	SHOW(shutdown(s, 3));
	SHOW(shutdown(s, -1));
	SHOW(shutdown(u, SHUT_RDWR));
	SHOW(shutdown(u, 3));
	say_poll("stream", s);
	stream_pair(family, fd);
	SHOW(shutdown(fd[0], 3));
	SHOW(shutdown(fd[0], -1));
	SHOW(shutdown(fd[0], SHUT_RDWR));
	SHOW(shutdown(fd[0], SHUT_RDWR));
	close(fd[1]);
	settle();
	SHOW(shutdown(fd[0], SHUT_RD));
	stream_pair(family, fd);
	reset_on_close(fd[1]);
	close(fd[1]);
	await(fd[0], POLLHUP);
	SHOW(shutdown(fd[0], SHUT_RDWR));
	say_so_error("after a reset", fd[0]);
}

int main(void)
{
	both_families(look);
	return 0;
}
