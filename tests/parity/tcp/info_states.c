/* TCP_INFO's state through the life of a connection.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void state(const char *what, int fd)
{
	struct tcp_info t;
	socklen_t len = sizeof(t);

	MUST(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &t, &len));
	say("%s: %d", what, t.tcpi_state);
}

int main(void)
{
	int fd[2], l;

	fd[0] = stream_socket(AF_INET);
	state("fresh", fd[0]);
	l = listener(AF_INET, 3, NULL);
	state("listener", l);
	stream_pair(AF_INET, fd);
	state("connected", fd[0]);
	state("accepted", fd[1]);
	shutdown(fd[0], SHUT_WR);
	await(fd[1], POLLRDHUP);
	sleep_ms(100);
	state("shut", fd[0]);
	state("peer", fd[1]);
	shutdown(fd[1], SHUT_WR);
	await(fd[0], POLLHUP);
	state("both shut, first", fd[0]);
	state("both shut, second", fd[1]);
	stream_pair(AF_INET, fd);
	close(fd[1]);
	await(fd[0], POLLRDHUP);
	state("peer closed", fd[0]);
	stream_pair(AF_INET, fd);
	reset_on_close(fd[1]);
	close(fd[1]);
	await(fd[0], POLLERR);
	state("reset", fd[0]);
	return 0;
}
