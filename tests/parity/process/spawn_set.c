/* posix_spawn with a set that is still empty: what the new program puts into it,
 * this one gets. SPDX-License-Identifier: BSD-2-Clause */
#include <spawn.h>

#include "say.h"

extern char **environ;

int main(int argc, char **argv)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int fd[2], ep;
	char text[2][12], *args[] = { argv[0], text[0], text[1], NULL };
	pid_t child;

	if (argc > 1) {
		set_add(atoi(argv[1]), atoi(argv[2]), EPOLLIN, 7);
		return 0;
	}
	ep = epoll_create1(0);
	stream_pair(AF_INET, fd);
	snprintf(text[0], 12, "%d", ep);
	snprintf(text[1], 12, "%d", fd[0]);
	MUST(posix_spawn(&child, "/proc/self/exe", NULL, NULL, args, environ));
	child_say_end("the other program", child);
	send_all(fd[1], "a", 1);
	say_wait("added there", ep, 8, LIMIT_MS);
	SHOW_AS("ADD", epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &ev));
	SHOW_AS("DEL", epoll_ctl(ep, EPOLL_CTL_DEL, fd[0], NULL));
	say_wait("out", ep, 8, 0);
	return 0;
}
