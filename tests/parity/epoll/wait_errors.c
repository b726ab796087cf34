/* epoll_wait's errors and its variants' times. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	int fd[2], ep = epoll_create1(0), file = open("/etc/passwd", O_RDONLY);
	struct timespec time = { 0, -1 };
	struct epoll_event ev[2];
	volatile int negative = -1, huge = 1 << 28;

	stream_pair(AF_INET, fd);
	set_add(ep, fd[0], EPOLLIN, 1);
	SHOW(epoll_wait(ep, ev, 0, 0));
	SHOW(epoll_wait(ep, ev, negative, 0));
	SHOW(epoll_wait(ep, ev, huge, 0));
	SHOW(epoll_wait(fd[0], ev, 1, 0));
	SHOW(epoll_wait(file, ev, 1, 0));
	SHOW(epoll_wait(99, ev, 1, 0));
	SHOW(epoll_wait(-1, ev, 1, 0));
	SHOW(epoll_pwait2(ep, ev, 1, &time, NULL));
	time = (struct timespec){ 0, 1000000000 };
	SHOW(epoll_pwait2(ep, ev, 1, &time, NULL));
	time = (struct timespec){ -1, 0 };
	SHOW(epoll_pwait2(ep, ev, 1, &time, NULL));
	time = (struct timespec){ 0, 1000000 };
	SHOW(epoll_pwait2(ep, ev, 1, &time, NULL));
	SHOW(epoll_pwait(ep, ev, 1, 1, NULL));
	send_all(fd[1], "a", 1);
	SHOW(epoll_pwait2(ep, ev, 1, NULL, NULL));
	SHOW(epoll_pwait(ep, ev, 1, -5, NULL));
	return 0;
}
