/* Bytes that are held back come in time to whoever waits for them, however he does.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

struct reader {
	int fd;
	int kind;
	int got;
};

static int one_set(int fd, uint32_t events)
{
	struct epoll_event ev = { .events = events };
	int set = MUST(epoll_create1(0));

	MUST(epoll_ctl(set, EPOLL_CTL_ADD, fd, &ev));
	return set;
}

static void by_select(int fd)
{
	fd_set r;

	FD_ZERO(&r);
	FD_SET(fd, &r);
	MUST(select(fd + 1, &r, NULL, NULL, NULL));
}

static void by_epoll(int set)
{
	struct epoll_event ev;

	MUST(epoll_wait(set, &ev, 1, -1));
	MUST(close(set));
}

static const char *const kinds[] = { "recv", "poll", "select", "epoll", "edges",
	"a set in a set", "poll of a set", "looking", "a timeout" };
#define KINDS (int)(sizeof(kinds) / sizeof(kinds[0]))

static void wait_by(int kind, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct timeval t = { LIMIT_MS / 1000, 0 };
	int inner;

	if (kind == 1)
		MUST(poll(&p, 1, -1));
	if (kind == 2)
		by_select(fd);
	if (kind == 3)
		by_epoll(one_set(fd, EPOLLIN));
	if (kind == 4)
		by_epoll(one_set(fd, EPOLLIN | EPOLLOUT | EPOLLET));
	if (kind == 5) {
		inner = one_set(fd, EPOLLIN);
		by_epoll(one_set(inner, EPOLLIN));
		MUST(close(inner));
	}
	if (kind == 6) {
		p.fd = one_set(fd, EPOLLIN);
		MUST(poll(&p, 1, -1));
		MUST(close(p.fd));
	}
	if (kind == 7) {
		inner = one_set(fd, EPOLLIN);
		while (epoll_wait(inner, &(struct epoll_event){ 0 }, 1, 0) == 0)
			sleep_ms(1);
		MUST(close(inner));
	}
	if (kind == 8)
		MUST(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t)));
}

static void read_by(void *argument)
{
	struct reader *r = argument;
	char b[8];

	wait_by(r->kind, r->fd);
	r->got = (int)recv(r->fd, b, sizeof(b), 0);
}

static void look(int family)
{
	int fd[2];

	for (int k = 0; k < KINDS; k++) {
		struct reader r = { .kind = k };
		struct thread t;

		stream_pair(family, fd);
		r.fd = fd[1];
		/* He waits already. */
		thread_start(&t, read_by, &r);
		if (k != 4 && k != 7)
			await_asleep(t.tid);
		MUST(send(fd[0], "abc", 3, MSG_MORE));
		thread_join(&t);
		if (k != 4) /* its first edge is that of POLLOUT */
			say("asleep in %s: %d", kinds[k], r.got);
		/* He waits thereafter. */
		set_option(fd[0], IPPROTO_TCP, TCP_CORK, 1);
		MUST(send(fd[0], "defg", 4, 0));
		read_by(&r);
		say("%s: %d", kinds[k], r.got);
		MUST(close(fd[0]));
		MUST(close(fd[1]));
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
