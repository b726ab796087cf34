/* Nobody starves in a set: the kernel's descriptors behind busy sockets, sockets
 * behind those, nor what another process of the set has put in.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sys/eventfd.h>
#include <sys/wait.h>

#include "say.h"
#include "sets.h"

#define WAITS 100000 /* more than anybody needs */

/* Waits for one event until each of these has been told of. */
static void say_seen(const char *what, int ep, int ms, unsigned all)
{
	struct epoll_event ev;
	unsigned seen = 0;

	for (int k = 0; k < WAITS && seen != all; k++) {
		MUST(epoll_wait(ep, &ev, 1, ms));
		seen |= 1u << ev.data.u32;
	}
	say("%s: %s", what, seen == all ? "all" : seen & 1 ? "sockets alone" :
		"descriptors alone");
}

int main(void)
{
	int fd[2], pipes[2], ep = epoll_create1(0), late = eventfd(1, 0);
	int status;

	MUST(pipe(pipes));
	stream_pair(AF_INET, fd);
	set_add(ep, fd[0], EPOLLIN, 0);
	set_add(ep, pipes[0], EPOLLIN, 1);
	send_all(fd[1], "x", 1);
	await(fd[0], POLLIN);
	MUST(write(pipes[1], "x", 1));
	settle();
	say_seen("no wait", ep, 0, 3);
	say_seen("a wait", ep, LIMIT_MS, 3);
	MUST(epoll_ctl(ep, EPOLL_CTL_DEL, pipes[0], NULL));
	if (MUST(fork()) == 0) {
		set_add(ep, late, EPOLLIN, 1);
		_exit(0);
	}
	MUST(wait(&status));
	say_seen("of another process", ep, LIMIT_MS, 3);
	say_seen("of another process, no wait", ep, 0, 3);
	return 0;
}
