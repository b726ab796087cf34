/* epoll_create(), epoll_ctl() and epoll_wait(): every error that they are
 * documented to give.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	struct epoll_event e = { .events = EPOLLIN }, got[4];
	int ep = MUST(epoll_create1(0)), fd[2], p[2];
	int file = MUST(open("/proc/self/exe", O_RDONLY));
	int closed = 900;

	MUST(pipe(p));
	stream_pair(AF_INET, fd);
	SHOW(epoll_create(0));
	SHOW(epoll_create(-1));
	SHOW(epoll_create1(1));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, fd[1], &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, fd[1], NULL));
	SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, fd[0], NULL));
	SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, fd[0], NULL));
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, fd[0], &e));
	SHOW(epoll_ctl(ep, 77, fd[0], &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, closed, &e));
	SHOW(epoll_ctl(closed, EPOLL_CTL_ADD, fd[0], &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, file, &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, ep, &e));
	SHOW(epoll_ctl(fd[0], EPOLL_CTL_ADD, fd[1], &e));
	SHOW(epoll_ctl(p[0], EPOLL_CTL_ADD, fd[1], &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, -1, &e));
	SHOW(epoll_wait(ep, got, 0, 0));
	SHOW(epoll_wait(ep, got, -1, 0));
	SHOW(epoll_wait(fd[0], got, 4, 0));
	SHOW(epoll_wait(p[0], got, 4, 0));
	SHOW(epoll_wait(closed, got, 4, 0));
	SHOW(epoll_wait(ep, got, INT_MAX, 0));
	SHOW(epoll_pwait2(ep, got, 4, &(struct timespec){ -1, 0 }, NULL));
	SHOW(epoll_pwait2(ep, got, 4, &(struct timespec){ 0, 1000000000 }, NULL));
	e.events = EPOLLIN | EPOLLEXCLUSIVE;
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, fd[0], &e));
	e.events = EPOLLIN;
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, fd[0], &e));
	SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, fd[0], NULL));
	e.events = EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT;
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &e));
	e.events = EPOLLIN | EPOLLEXCLUSIVE | EPOLLRDHUP;
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &e));
	e.events = EPOLLIN | EPOLLEXCLUSIVE | EPOLLET | EPOLLWAKEUP;
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &e));
	return 0;
}
