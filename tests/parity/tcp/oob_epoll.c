/* EPOLLPRI, level- and edge-triggered.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(const char *what, int ep, int ms)
{
	struct epoll_event ev = { 0 };
	int n = epoll_wait(ep, &ev, 1, ms);

	say("%s: %d %s", what, n, n > 0 ? epoll_text(ev.events) : "");
}

static void go(uint32_t extra)
{
	struct epoll_event ev = { .events = EPOLLPRI | extra };
	int ep = MUST(epoll_create1(0)), fd[2];

	stream_pair(AF_INET, fd);
	MUST(epoll_ctl(ep, EPOLL_CTL_ADD, fd[1], &ev));
	look("nothing", ep, 0);
	MUST(send(fd[0], "1", 1, MSG_OOB));
	look("urgent", ep, 5000);
	look("again", ep, 0);
	say_recv("oob", fd[1], MSG_OOB);
	look("read", ep, 0);
	MUST(send(fd[0], "2", 1, MSG_OOB));
	look("second", ep, 5000);
	close(fd[0]);
	close(fd[1]);
	close(ep);
}

int main(void)
{
	say("level");
	go(0);
	say("edge");
	go(EPOLLET);
	return 0;
}
