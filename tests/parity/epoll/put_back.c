/* A socket that is taken out of a set and put back: what came while it was out, what
 * nobody may hear of it meanwhile, and what the calls say.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sys/wait.h>

#include "say.h"

static void out(int ep, int fd)
{
	SHOW_AS("DEL", epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL));
}

static void calls(int ep, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN };

	out(ep, fd);
	SHOW_AS("DEL again", epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL));
	SHOW_AS("MOD", epoll_ctl(ep, EPOLL_CTL_MOD, fd, &ev));
	SHOW_AS("ADD", epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev));
	SHOW_AS("ADD again", epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev));
	out(ep, fd);
}

static void bytes(int ep, const int fd[2])
{
	char c;

	send_all(fd[1], "a", 1);
	await(fd[0], POLLIN);
	say_wait("a byte for one that is out", ep, 8, 0);
	set_add(ep, fd[0], EPOLLIN | EPOLLET, 1);
	say_wait("an edge for what was there", ep, 8, LIMIT_MS);
	say_wait("once", ep, 8, 0);
	out(ep, fd[0]);
	set_add(ep, fd[0], EPOLLIN | EPOLLET, 2);
	say_wait("and again when it is new", ep, 8, LIMIT_MS);
	out(ep, fd[0]);
	set_add(ep, fd[0], EPOLLOUT, 3);
	say_wait("other events", ep, 8, LIMIT_MS);
	say_wait("level", ep, 8, LIMIT_MS);
	out(ep, fd[0]);
	say_wait("ready, but out", ep, 8, 0);
	set_add(ep, fd[0], EPOLLIN | EPOLLONESHOT, 4);
	say_wait("one shot", ep, 8, LIMIT_MS);
	out(ep, fd[0]);
	set_add(ep, fd[0], EPOLLIN, 5);
	say_wait("after one shot", ep, 8, LIMIT_MS);
	MUST(recv(fd[0], &c, 1, 0));
	say_wait("read", ep, 8, 0);
	out(ep, fd[0]);
}

/* The end comes while it is out; a waiter on the set hears nothing of it. */
static void hangup(int ep, const int fd[2])
{
	MUST(shutdown(fd[1], SHUT_WR));
	await(fd[0], POLLRDHUP);
	say_wait("an end for one that is out", ep, 8, 20);
	set_add(ep, fd[0], EPOLLIN | EPOLLRDHUP | EPOLLET, 6);
	say_wait("its end", ep, 8, LIMIT_MS);
	out(ep, fd[0]);
	close(fd[1]);
	MUST(shutdown(fd[0], SHUT_WR));
	await(fd[0], POLLHUP);
	say_wait("both ends, out", ep, 8, 20);
	set_add(ep, fd[0], 0, 7);
	say_wait("both ends", ep, 8, LIMIT_MS);
	out(ep, fd[0]);
}

/* Another socket under the number of one that was taken out and closed. */
static void number(int ep, int kept)
{
	int fd[2], other[2], n;

	stream_pair(AF_INET, fd);
	set_add(ep, fd[0], EPOLLIN, 8);
	out(ep, fd[0]);
	stream_pair(AF_INET, other);
	MUST(dup2(fd[0], kept));
	n = MUST(dup2(other[0], fd[0]));
	set_add(ep, n, EPOLLIN, 9);
	send_all(fd[1], "x", 1);
	await(kept, POLLIN);
	say_wait("the former one has a byte", ep, 8, 0);
	send_all(other[1], "x", 1);
	say_wait("the new one too", ep, 8, LIMIT_MS);
	out(ep, n);
	set_add(ep, kept, EPOLLIN, 10);
	say_wait("the former one, elsewhere", ep, 8, LIMIT_MS);
	out(ep, kept);
	for (int k = 0; k < 2; k++) {
		close(fd[k]);
		close(other[k]);
	}
}

/* Out, then shared with a child: who puts it back is heard by both. */
static void child(int ep)
{
	int fd[2], status;

	stream_pair(AF_INET, fd);
	set_add(ep, fd[0], EPOLLIN, 11);
	out(ep, fd[0]);
	fflush(stdout);
	if (MUST(fork()) == 0) {
		set_add(ep, fd[0], EPOLLIN, 12);
		send_all(fd[1], "x", 1);
		say_wait("the child", ep, 8, LIMIT_MS);
		fflush(stdout);
		_exit(0);
	}
	MUST(wait(&status));
	say_wait("the parent", ep, 8, LIMIT_MS);
	out(ep, fd[0]);
	say_wait("nobody", ep, 8, 0);
	set_add(ep, fd[0], EPOLLIN, 13);
	say_wait("back", ep, 8, LIMIT_MS);
	out(ep, fd[0]);
	close(fd[0]);
	close(fd[1]);
}

/* It becomes a listener while it is out. */
static void listens(int ep)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sa);
	int s = MUST(socket(AF_INET, SOCK_STREAM, 0)), c;

	set_add(ep, s, EPOLLIN, 14);
	say_wait("fresh", ep, 8, LIMIT_MS);
	out(ep, s);
	MUST(bind(s, (struct sockaddr *)&sa, len));
	MUST(listen(s, 3));
	MUST(getsockname(s, (struct sockaddr *)&sa, &len));
	set_add(ep, s, EPOLLIN, 15);
	say_wait("nobody called", ep, 8, 0);
	c = MUST(socket(AF_INET, SOCK_STREAM, 0));
	MUST(connect(c, (struct sockaddr *)&sa, len));
	say_wait("a call", ep, 8, LIMIT_MS);
	out(ep, s);
	say_wait("out", ep, 8, 0);
	close(s);
	close(c);
}

/* Undone by AF_UNSPEC while it is out. */
static void undone(int ep)
{
	const struct sockaddr none = { .sa_family = AF_UNSPEC };
	int fd[2];

	stream_pair(AF_INET, fd);
	set_add(ep, fd[0], EPOLLIN, 16);
	out(ep, fd[0]);
	MUST(connect(fd[0], &none, sizeof(none)));
	say_wait("out", ep, 8, 0);
	set_add(ep, fd[0], EPOLLOUT, 17);
	say_wait("not connected", ep, 8, LIMIT_MS);
	close(fd[0]);
	close(fd[1]);
}

int main(void)
{
	int fd[2], ep = epoll_create1(0);

	stream_pair(AF_INET, fd);
	set_add(ep, fd[0], EPOLLIN, 0);
	calls(ep, fd[0]);
	bytes(ep, fd);
	hangup(ep, fd);
	close(fd[0]);
	number(ep, 200);
	listens(ep);
	undone(ep);
	child(ep);
	number(ep, 201);
	return 0;
}
