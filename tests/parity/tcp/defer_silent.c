/* TCP_DEFER_ACCEPT with callers who say nothing: they are accepted when their time is
 * over, one of three seconds after one of one; and what ends the wait sooner.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int patient(int seconds, struct place *at)
{
	int l = listener(AF_INET, 5, at);

	set_option(l, IPPROTO_TCP, TCP_DEFER_ACCEPT, seconds);
	return l;
}

static void reads_one(void *argument)
{
	char byte = 0;

	SHOW_AS("the sleeper's recv", recv(*(int *)argument, &byte, 1, 0));
}

static void say_modes(const char *what, int fd)
{
	say("%s: nonblocking %d, close-on-exec %d", what,
		!!(MUST(fcntl(fd, F_GETFL)) & O_NONBLOCK),
		!!(MUST(fcntl(fd, F_GETFD)) & FD_CLOEXEC));
}

static void silent(void)
{
	struct place at[2];
	struct pollfd p[2] = { { .fd = patient(3, &at[0]), .events = POLLIN },
		{ .fd = patient(1, &at[1]), .events = POLLIN } };
	int client[2] = { connected_to(&at[0]), connected_to(&at[1]) }, peer[2];
	struct thread sleeper;

	thread_start(&sleeper, reads_one, &client[0]);
	await_asleep(sleeper.tid);
	MUST(poll(p, 2, LIMIT_MS));
	say("first comes %s", p[0].revents ? "three" : "one");
	peer[1] = MUST(accept4(p[1].fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC));
	say_modes("one", peer[1]);
	peer[0] = MUST(accept(p[0].fd, NULL, NULL));
	say_modes("three", peer[0]);
	say_poll("nothing to read", peer[0]);
	send_all(peer[0], "x", 1);
	thread_join(&sleeper);
	for (int i = 0; i < 2; i++) {
		send_all(client[i], "late", 4);
		await(peer[i], POLLIN);
		say_recv("accepted reads", peer[i], 0);
		say_names("accepted", peer[i]);
	}
	close(client[0]);
	await(peer[0], POLLRDHUP);
	say_recv("and the end", peer[0], 0);
	close(peer[1]);
	await(client[1], POLLRDHUP);
	say_recv("the client's end", client[1], 0);
}

static void others(void)
{
	struct place at;
	int l = patient(60, &at), fd = connected_to(&at), peer, set;

	reset_on_close(fd);
	close(fd);
	fd = connected_to(&at);
	MUST(shutdown(fd, SHUT_WR));
	peer = accept_one(l);
	say_recv("shut", peer, 0);
	send_all(peer, "answer", 6);
	await(fd, POLLIN);
	say_recv("half-open", fd, 0);
	fd = connected_to(&at);
	set = MUST(epoll_create1(0));
	set_add(set, fd, EPOLLIN | EPOLLOUT | EPOLLET, 1);
	say_wait("set", set, 4, 1000);
	send_all(fd, "a", 1);
	peer = accept_one(l);
	await(peer, POLLIN);
	say_recv("one byte", peer, MSG_PEEK);
	send_all(peer, "z", 1);
	await(fd, POLLIN);
	say_wait("set", set, 4, 1000);
	fd = connected_to(&at);
	close(l);
	send_all(fd, "nobody", 6);
	await(fd, POLLERR);
	say_so_error("no listener", fd);
}

int main(void)
{
	silent();
	others();
	return 0;
}
