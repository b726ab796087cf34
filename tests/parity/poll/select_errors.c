/* select() and pselect(): closed numbers, bad counts, bad times, no sets.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	struct timeval now = { 0 }, bad = { 0, 1000000 }, negative = { -1, 0 };
	struct timespec zero = { 0, 0 }, bad_spec = { 0, -1 };
	int fd[2];
	fd_set set;

	stream_pair(AF_INET, fd);
	FD_ZERO(&set);
	FD_SET(fd[0], &set);
	SHOW(select(-1, &set, NULL, NULL, &now));
	SHOW(select(0, &set, NULL, NULL, &now));
	SHOW(select(fd[0], NULL, &set, NULL, &now));
	say("%d", FD_ISSET(fd[0], &set) != 0);
	SHOW(select(fd[0] + 1, NULL, &set, NULL, &now));
	SHOW(select(fd[0] + 1, NULL, &set, NULL, &negative));
	now.tv_sec = 0;
	SHOW(select(fd[0] + 1, NULL, &set, NULL, &bad));
	SHOW(select(0, NULL, NULL, NULL, &(struct timeval){ 0, 1 }));
	SHOW(pselect(0, NULL, NULL, NULL, &zero, NULL));
	SHOW(pselect(0, NULL, NULL, NULL, &bad_spec, NULL));
	FD_SET(fd[0], &set);
	FD_SET(50, &set);
	SHOW(select(51, NULL, &set, NULL, &(struct timeval){ 0 }));
	say("still there: %d %d", FD_ISSET(fd[0], &set) != 0, FD_ISSET(50, &set) != 0);
	SHOW(select(FD_SETSIZE, NULL, &set, NULL, &(struct timeval){ 0 }));
	FD_CLR(50, &set);
	FD_SET(fd[1], &set);
	SHOW(select(FD_SETSIZE, NULL, &set, NULL, &(struct timeval){ 0 }));
	close(fd[1]);
	SHOW(select(fd[1] + 1, NULL, &set, NULL, &(struct timeval){ 0 }));
	return 0;
}
