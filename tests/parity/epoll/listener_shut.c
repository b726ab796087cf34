/* A listener in sets that is shut down: it hangs up, also for who sleeps in one; and
 * listens again.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void waits(void *argument)
{
	struct epoll_event ev;

	SHOW_AS("the sleeper's epoll_wait", epoll_wait(*(int *)argument, &ev, 1, LIMIT_MS));
	say("of %d: %s", (int)ev.data.u32, epoll_text(ev.events));
}

int main(void)
{
	struct place at;
	int l = listener(AF_INET, 5, &at), twin = MUST(dup(l)), fd;
	int level = MUST(epoll_create1(0)), edge = MUST(epoll_create1(0)),
		asleep = MUST(epoll_create1(0)), plain = stream_socket(AF_INET);
	struct thread sleeper;

	set_add(level, l, EPOLLIN, 1);
	set_add(level, twin, EPOLLIN | EPOLLOUT, 2);
	set_add(edge, l, EPOLLIN | EPOLLET, 3);
	set_add(asleep, l, EPOLLIN, 4);
	set_add(asleep, plain, EPOLLIN | EPOLLONESHOT, 5);
	fd = connected_to(&at);
	await(l, POLLIN);
	say_wait("a caller", level, 8, 0);
	say_wait("a caller, edge", edge, 8, 0);
	close(MUST(accept(l, NULL, NULL)));
	close(fd);
	say_wait("of the plain one", asleep, 8, 0);
	thread_start(&sleeper, waits, &asleep);
	await_asleep(sleeper.tid);
	MUST(shutdown(l, SHUT_RD));
	thread_join(&sleeper);
	say_wait("shut", level, 8, 0);
	say_wait("shut, edge", edge, 8, 0);
	say_wait("and again", edge, 8, 0);
	say_poll("poll", l);
	SHOW(listen(l, 5));
	at = own_place(l);
	fd = connected_to(&at);
	await(l, POLLIN);
	say_wait("listens again", level, 8, 0);
	say_wait("listens again, edge", edge, 8, 0);
	close(accept_one(l));
	say_wait("taken", level, 8, 0);
	set_change(level, twin, EPOLLOUT, 6);
	SHOW(epoll_ctl(level, EPOLL_CTL_DEL, l, NULL));
	SHOW(shutdown(l, SHUT_RDWR));
	say_wait("shut both ways", level, 8, 0);
	return 0;
}
