/* select() writes back the time that was left; pselect() and poll() change
 * nothing.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct timeval t = { 5, 0 };
	struct timespec s = { 5, 0 };
	int fd[2];
	fd_set set;

	stream_pair(family, fd);
	send_all(fd[0], "x", 1);
	await(fd[1], POLLIN);
	FD_ZERO(&set);
	FD_SET(fd[1], &set);
	SHOW(select(fd[1] + 1, &set, NULL, NULL, &t));
	say("left: %d", t.tv_sec < 5 || (t.tv_sec == 5 && t.tv_usec == 0));
	SHOW(pselect(fd[1] + 1, &set, NULL, NULL, &s, NULL));
	say("left: %d %d", (int)s.tv_sec, (int)s.tv_nsec);
	recv_all(fd[1], &(char){ 0 }, 1);
	t = (struct timeval){ 0, 1000 };
	SHOW(select(fd[1] + 1, &set, NULL, NULL, &t));
	say("left: %d %d", (int)t.tv_sec, (int)t.tv_usec);
	say("in the set: %d", FD_ISSET(fd[1], &set) != 0);
}

int main(void)
{
	both_families(look);
	return 0;
}
