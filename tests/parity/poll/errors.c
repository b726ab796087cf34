/* poll() and ppoll(): too many, none, bad timeouts, negative numbers.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#include <sys/resource.h>

int main(void)
{
	struct rlimit r = { .rlim_cur = 64, .rlim_max = 64 };
	struct pollfd p[100];
	struct timespec bad = { 0, 1000000000 }, negative = { -1, 0 }, zero = { 0, 0 };
	int fd[2];

	stream_pair(AF_INET, fd);
	for (int i = 0; i < 100; i++)
		p[i] = (struct pollfd){ .fd = -i - 1, .events = POLLOUT, .revents = 5 };
	SHOW(poll(p, 100, 0));
	say("%d", p[99].revents);
	p[50].fd = fd[0];
	SHOW(poll(p, 100, 0));
	MUST(setrlimit(RLIMIT_NOFILE, &r));
	SHOW(poll(p, 64, 0));
	SHOW(poll(p, 65, 0));
	SHOW(poll(NULL, 0, 0));
	SHOW(poll(NULL, 0, 1));
	SHOW(ppoll(p, 64, &bad, NULL));
	SHOW(ppoll(p, 64, &negative, NULL));
	SHOW(ppoll(p, 64, &zero, NULL));
	p[0].fd = fd[1];
	p[0].events = POLLIN;
	SHOW(ppoll(p, 1, &zero, NULL));
	return 0;
}
