/* RLIMIT_NOFILE: the numbers of sockets, and EMFILE where the kernel has it, in the
 * program and in a child. SPDX-License-Identifier: BSD-2-Clause */
#include <sys/resource.h>

#include "say.h"

static int open_numbers(void)
{
	int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void child(void *pair)
{
	int *fd = pair;
	char byte;

	SHOW(socket(AF_INET, SOCK_STREAM, 0));
	SHOW(write(fd[0], "x", 1));
	await(fd[1], POLLIN);
	SHOW(read(fd[1], &byte, 1));
}

int main(void)
{
	int fd[2], start;
	struct rlimit limit;

	for (int k = 3; k < 1024; k++)
		close(k);
	start = open_numbers();
	SHOW(socket(AF_INET, SOCK_STREAM, 0));
	SHOW(socket(AF_INET, SOCK_DGRAM, 0));
	say("%d more are open", open_numbers() - start);
	stream_pair(AF_INET, fd);
	say("%d more are open", open_numbers() - start);
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = 9;
	setrlimit(RLIMIT_NOFILE, &limit);
	while (SHOW(socket(AF_INET, SOCK_STREAM, 0)) >= 0)
		;
	SHOW(dup(0));
	SHOW(epoll_create1(0));
	child_say_end("child", child_start(child, fd));
	limit.rlim_cur = 100;
	setrlimit(RLIMIT_NOFILE, &limit);
	for (int k = 3; k < 1024; k++)
		close(k);
	SHOW(socket(AF_INET, SOCK_STREAM, 0));
	return 0;
}
