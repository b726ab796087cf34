/* EPOLLEXCLUSIVE: with what it goes together. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int ep, fd[2];

static void try(const char *what, int op, int target, uint32_t events)
{
	struct epoll_event ev = { .events = events | EPOLLEXCLUSIVE };

	SHOW_AS(what, epoll_ctl(ep, op, target, &ev));
}

int main(void)
{
	struct epoll_event plain = { .events = EPOLLIN };
	int inner = epoll_create1(0);

	ep = epoll_create1(0);
	stream_pair(AF_INET, fd);
	try("ADD, one-shot", EPOLL_CTL_ADD, fd[0], EPOLLIN | EPOLLONESHOT);
	try("ADD, RDHUP", EPOLL_CTL_ADD, fd[0], EPOLLIN | EPOLLRDHUP);
	try("ADD, PRI", EPOLL_CTL_ADD, fd[0], EPOLLPRI);
	try("ADD, a set", EPOLL_CTL_ADD, inner, EPOLLIN);
	try("ADD", EPOLL_CTL_ADD, fd[0], EPOLLIN | EPOLLET | EPOLLWAKEUP);
	try("ADD again", EPOLL_CTL_ADD, fd[0], EPOLLIN);
	try("MOD", EPOLL_CTL_MOD, fd[0], EPOLLIN);
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, fd[0], &plain));
	send_all(fd[1], "a", 1);
	say_wait("a byte", ep, 8, LIMIT_MS);
	say_wait("told already", ep, 8, 0);
	SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, fd[0], NULL));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &plain));
	try("MOD of a plain one", EPOLL_CTL_MOD, fd[0], EPOLLIN);
	return 0;
}
