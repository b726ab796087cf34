/* poll and its kin never begin again, SA_RESTART or not.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

int main(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	struct timespec t5 = { 5, 0 };
	struct timeval v5 = { 5, 0 };
	struct signaller s;
	struct pollfd p;
	int fd[2], ep;
	fd_set r;

	stream_pair(AF_INET, fd);
	p = (struct pollfd){ .fd = fd[0], .events = POLLIN };
	ep = MUST(epoll_create1(0));
	MUST(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &ev));
	for (int flags = 0; flags <= SA_RESTART; flags += SA_RESTART) {
		handle(SIGUSR1, on_signal, flags);
#define TRY(call)                                   \
	do {                                        \
		FD_ZERO(&r);                        \
		FD_SET(fd[0], &r);                  \
		signal_me(&s, SIGUSR1, NULL, 0);    \
		SHOW(call);                         \
		thread_join(&s.t);                  \
	} while (0)
		TRY(poll(&p, 1, -1));
		TRY(poll(&p, 1, 5000));
		TRY(ppoll(&p, 1, &t5, NULL));
		TRY(select(FD_SETSIZE, &r, NULL, NULL, &v5));
		TRY(select(FD_SETSIZE, &r, NULL, NULL, NULL));
		TRY(pselect(FD_SETSIZE, &r, NULL, NULL, &t5, NULL));
		TRY(epoll_wait(ep, &ev, 1, -1));
		TRY(epoll_wait(ep, &ev, 1, 5000));
		TRY(epoll_pwait(ep, &ev, 1, -1, NULL));
	}
	return 0;
}
