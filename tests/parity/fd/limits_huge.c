/* RLIMIT_NOFILE as large as it may be: sockets, sets and fork work, and the highest
 * number that there can be is one like any other.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

#include "../ends.h"

#include <sys/resource.h>

int main(void)
{
	struct rlimit limit;
	struct epoll_event ev = { .events = EPOLLIN };
	int fd[2], high, ep, status, end;
	char c;

	MUST(getrlimit(RLIMIT_NOFILE, &limit));
	if (limit.rlim_max > 1 << 20)
		limit.rlim_max = 1 << 20;
	limit.rlim_cur = limit.rlim_max;
	end = (int)limit.rlim_max;
	MUST(setrlimit(RLIMIT_NOFILE, &limit));
	stream_pair(AF_INET, fd);
	high = MUST(dup2(fd[0], end - 1));
	SHOW(dup2(fd[0], end) < 0);
	close(fd[0]);
	SHOW(write(high, "x", 1));
	SHOW(read(fd[1], &c, 1));
	ep = MUST(epoll_create1(0));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, high, &ev));
	SHOW(write(fd[1], "y", 1));
	SHOW(epoll_wait(ep, &ev, 1, LIMIT_MS));
	if (fork() == 0)
		_exit(read(high, &c, 1) == 1 && c == 'y' ? 0 : 1);
	MUST(wait(&status));
	say("child %d", WEXITSTATUS(status));
	SHOW(epoll_wait(ep, &ev, 1, 0));
	SHOW(fcntl(fd[1], F_DUPFD, end - 2) == end - 2);
	SHOW(fcntl(fd[1], F_DUPFD, end - 2));
	SHOW(close(high));
	SHOW(fcntl(fd[1], F_DUPFD, end - 2) == end - 1);
	return 0;
}
