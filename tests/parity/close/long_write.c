/* More than any buffer holds, written to an end that is closed: the reset that comes
 * back ends the write itself, and what is left of it fails.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define LONG (10u << 20)

static char bytes[LONG];

static void round_of(const char *what, int family, bool wait)
{
	int fd[2];
	ssize_t n;

	stream_pair(family, fd);
	if (!wait)
		MUST(fcntl(fd[0], F_SETFL, O_NONBLOCK));
	close(fd[1]);
	await(fd[0], POLLIN);
	n = send(fd[0], bytes, sizeof(bytes), MSG_NOSIGNAL);
	say("%s: %s", what, n < 0 ? error_name(errno) : n == 0 ? "nothing" :
		n < LONG ? "some of it" : "all");
	await(fd[0], POLLHUP);
	say_poll(what, fd[0]);
	SHOW(send(fd[0], bytes, sizeof(bytes), MSG_NOSIGNAL));
	SHOW(send(fd[0], bytes, 1, MSG_NOSIGNAL));
	close(fd[0]);
}

int main(void)
{
	round_of("waiting", AF_INET, true);
	round_of("not waiting", AF_INET, false);
	round_of("not waiting, IPv6", AF_INET6, false);
	return 0;
}
