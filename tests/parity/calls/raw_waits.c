/* ppoll, pselect6, epoll_pwait by number: the time left, the size of a mask, pointers
 * that are none.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

#include "../ends.h"

#include <sys/syscall.h>

#define NOWHERE ((void *)8)

static void left(const char *what, const struct timespec *t)
{
	say("%s: %s", what, t->tv_sec == 0 && t->tv_nsec == 0 ? "none left" :
		t->tv_sec < 5 ? "some left" : "as it was");
}

int main(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	struct pollfd p = { .events = POLLIN };
	struct timespec t = { 0, 10000000 };
	struct timeval v = { 0, 10000 };
	int pair[2], ep = MUST(epoll_create1(0));
	sigset_t mask;
	fd_set set;

	sigemptyset(&mask);
	stream_pair(AF_INET, pair);
	MUST(epoll_ctl(ep, EPOLL_CTL_ADD, pair[0], &ev));
	p.fd = pair[0];
	SHOW(syscall(SYS_ppoll, NULL, 0, &t, NULL, 0));
	left("no descriptors", &t);
	t.tv_nsec = 10000000;
	SHOW(syscall(SYS_ppoll, &p, 1, &t, &mask, 8));
	left("silent", &t);
	send_all(pair[1], "x", 1);
	await(pair[0], POLLIN);
	t = (struct timespec){ 5, 0 };
	SHOW(syscall(SYS_ppoll, &p, 1, &t, &mask, 8));
	left("readable", &t);
	SHOW(syscall(SYS_ppoll, &p, 1, &t, &mask, 128));
	SHOW(syscall(SYS_ppoll, &p, 1, &t, NULL, 128));
	SHOW(syscall(SYS_ppoll, &p, 1, NOWHERE, NULL, 8));
	SHOW(syscall(SYS_epoll_pwait, ep, &ev, 1, 0, &mask, 128));
	SHOW(syscall(SYS_epoll_pwait, ep, &ev, 1, 0, &mask, 8));
	SHOW(syscall(SYS_epoll_pwait, ep, &ev, 1, 0, NULL, 3));
	SHOW(syscall(SYS_epoll_pwait2, ep, &ev, 1, NULL, &mask, 128));
	FD_ZERO(&set);
	FD_SET(pair[0], &set);
	SHOW(syscall(SYS_select, pair[0] + 1, &set, NULL, NULL, &v));
	SHOW(syscall(SYS_select, pair[0] + 1, &set, NULL, NULL, NOWHERE));
	SHOW(syscall(SYS_select, pair[0] + 1, NOWHERE, NULL, NULL, &v));
	SHOW(syscall(SYS_pselect6, pair[0] + 1, &set, NULL, NULL, NOWHERE, NULL));
	SHOW(syscall(SYS_pselect6, pair[0] + 1, &set, NULL, NULL, NULL, NULL));
	return 0;
}
