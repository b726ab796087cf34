/* A larger SO_SNDBUF wakes who waits for room, however he waits.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

struct writer {
	int fd, kind;
	int got;
};

static void wait_by(int kind, int fd)
{
	struct epoll_event ev = { .events = EPOLLOUT | (kind == 2 ? EPOLLET : 0) };
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	int set;

	if (kind == 1)
		MUST(poll(&p, 1, -1));
	if (kind < 2)
		return;
	set = MUST(epoll_create1(0));
	MUST(epoll_ctl(set, EPOLL_CTL_ADD, fd, &ev));
	MUST(epoll_wait(set, &ev, 1, -1));
	MUST(close(set));
}

static void write_by(void *argument)
{
	struct writer *w = argument;

	wait_by(w->kind, w->fd);
	w->got = (int)send(w->fd, "x", 1, 0);
}

static void look(int family)
{
	static const char *const kinds[] = { "send", "poll", "edges", "epoll" };
	int fd[2];

	for (int k = 0; k < 4; k++) {
		struct writer w = { .kind = k };
		struct thread t;

		stream_pair(family, fd);
		set_option(fd[0], SOL_SOCKET, SO_SNDBUF, 20000);
		fill(fd[0]);
		set_nonblocking(fd[0], false);
		w.fd = fd[0];
		thread_start(&t, write_by, &w);
		await_asleep(t.tid);
		set_option(fd[0], SOL_SOCKET, SO_SNDBUF, 200000);
		thread_join(&t);
		say("%s: %d", kinds[k], w.got);
		MUST(close(fd[0]));
		MUST(close(fd[1]));
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
