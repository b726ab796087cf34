/* posix_spawn's file actions: a socket as stdin and stdout, the rest closed; our own
 * numbers and sets are as before. SPDX-License-Identifier: BSD-2-Clause */
#include <spawn.h>

#include "say.h"

extern char **environ;

int main(void)
{
	char *args[] = { (char *)"sh", (char *)"-c",
		(char *)"read x; echo got $x", NULL };
	posix_spawn_file_actions_t actions;
	int fd[2], ep = epoll_create1(0);
	char bytes[16];
	pid_t child;

	stream_pair(AF_INET, fd);
	set_add(ep, fd[1], EPOLLIN, 1);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd[0], 0);
	posix_spawn_file_actions_adddup2(&actions, fd[0], 1);
	posix_spawn_file_actions_addclose(&actions, ep);
	posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	MUST(posix_spawn(&child, "/bin/sh", &actions, NULL, args, environ));
	close(fd[0]);
	send_all(fd[1], "line\n", 5);
	recv_all(fd[1], bytes, 9);
	say("%s", bytes_text(bytes, 9));
	child_say_end("sh", child);
	await(fd[1], POLLRDHUP);
	say_wait("its end", ep, 8, LIMIT_MS);
	return 0;
}
