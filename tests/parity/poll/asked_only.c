/* poll() tells only what it was asked for, and hang-ups and errors unasked.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void ask(const char *what, int fd, int events)
{
	struct pollfd p = { .fd = fd, .events = events };

	say("%s, asked for %s: %d, %s", what, poll_text(events), poll(&p, 1, 0),
		poll_text(p.revents));
}

static void look(int family)
{
	static const int events[] = { 0, POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM,
		POLLRDHUP, POLLPRI, POLLHUP, POLLERR, POLLRDBAND, POLLWRBAND, POLLMSG };
	int fd[2];

	stream_pair(family, fd);
	send_all(fd[1], "x", 1);
	await(fd[0], POLLIN);
	for (int i = 0; i < 12; i++)
		ask("data", fd[0], events[i]);
	shutdown(fd[1], SHUT_WR);
	await(fd[0], POLLRDHUP);
	for (int i = 0; i < 12; i++)
		ask("data and end", fd[0], events[i]);
	shutdown(fd[0], SHUT_WR);
	await(fd[0], POLLHUP);
	for (int i = 0; i < 12; i++)
		ask("both ends shut", fd[0], events[i]);
}

int main(void)
{
	both_families(look);
	return 0;
}
