/* poll() and recv() of datagram sockets that are shut down, connected or not.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void try(int s, int how)
{
	say("how %d", how);
	SHOW(shutdown(s, how));
	say_poll("poll", s);
	say_recv("recv", s, 0);
	set_nonblocking(s, true);
	SHOW(recv(s, &(char){ 0 }, 1, 0));
	SHOW(send(s, "x", 1, MSG_NOSIGNAL));
}

static void look(int family)
{
	for (int how = SHUT_RD; how <= SHUT_RDWR; how++) {
		int fd[2];

		dgram_pair(family, fd);
		try(fd[0], how);
		MUST(send(fd[1], "x", 1, 0));
		settle();
		say_poll("with data", fd[0]);
		say_recv("with data", fd[0], 0);
		try(dgram_socket(family), how);
		try(dgram_bound(family, NULL), how);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
