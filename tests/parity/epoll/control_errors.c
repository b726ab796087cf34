/* epoll_ctl's errors, and epoll_create's. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int fd[2], ep = epoll_create1(0), file = open("/etc/passwd", O_RDONLY);

	stream_pair(AF_INET, fd);
	SHOW(epoll_create(0));
	SHOW(epoll_create(-1));
	SHOW(epoll_create1(1));
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, fd[0], &ev));
	SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, fd[0], &ev));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &ev));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &ev));
	SHOW(epoll_ctl(ep, 99, fd[0], &ev));
	SHOW(epoll_ctl(ep, 99, fd[1], &ev));
	SHOW(epoll_ctl(fd[0], EPOLL_CTL_ADD, fd[1], &ev));
	SHOW(epoll_ctl(fd[0], EPOLL_CTL_ADD, fd[0], &ev));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, ep, &ev));
	SHOW(epoll_ctl(99, EPOLL_CTL_ADD, fd[1], &ev));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, 99, &ev));
	SHOW(epoll_ctl(-1, EPOLL_CTL_ADD, -1, &ev));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, file, &ev));
	SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, file, &ev));
	SHOW(epoll_ctl(file, EPOLL_CTL_ADD, fd[1], &ev));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd[1], NULL));
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, fd[0], NULL));
	SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, fd[0], NULL));
	SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, fd[0], NULL));
	return 0;
}
