/* Who sleeps until there is a notice of MSG_ZEROCOPY hears of one when another thread
 * sends.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

struct listening {
	int fd;
	bool set;
	uint32_t got;
};

static void listen_for(void *argument)
{
	struct listening *l = argument;
	struct epoll_event ev = { .events = 0 };
	struct pollfd p = { .fd = l->fd };
	int set;

	if (!l->set) {
		MUST(poll(&p, 1, -1));
		l->got = (uint32_t)p.revents;
		return;
	}
	set = MUST(epoll_create1(0));
	MUST(epoll_ctl(set, EPOLL_CTL_ADD, l->fd, &ev));
	MUST(epoll_wait(set, &ev, 1, -1));
	l->got = ev.events;
	MUST(close(set));
}

static void look(int family)
{
	int fd[2];

	for (int k = 0; k < 2; k++) {
		struct listening l = { .set = k == 1 };
		struct thread t;

		stream_pair(family, fd);
		set_option(fd[0], SOL_SOCKET, SO_ZEROCOPY, 1);
		l.fd = fd[0];
		thread_start(&t, listen_for, &l);
		await_asleep(t.tid);
		SHOW(send(fd[0], "abc", 3, MSG_ZEROCOPY));
		thread_join(&t);
		say("%s: %s", l.set ? "epoll" : "poll", poll_text((int)l.got));
		MUST(close(fd[0]));
		MUST(close(fd[1]));
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
