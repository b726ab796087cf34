/* pidfd_getfd(): another process's socket. Needs the right to trace a child.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sys/syscall.h>

#include "say.h"

static int numbers[2];

static void child(void *unused)
{
	int fd[2];
	char byte;

	(void)unused;
	stream_pair(AF_INET, fd);
	MUST(write(numbers[1], fd, sizeof(fd)));
	recv_all(fd[1], &byte, 1);
	say("the child got %c", byte);
}

int main(void)
{
	int fd[2], pidfd, got;
	pid_t pid;

	MUST(pipe(numbers));
	pid = child_start(child, NULL);
	MUST(read(numbers[0], fd, sizeof(fd)));
	pidfd = MUST(syscall(SYS_pidfd_open, pid, 0));
	got = MUST(syscall(SYS_pidfd_getfd, pidfd, fd[0], 0));
	say_option("type", got, SOL_SOCKET, SO_TYPE);
	send_all(got, "x", 1);
	child_say_end("the child", pid);
	await(got, POLLRDHUP);
	say_recv("its end", got, 0);
	return 0;
}
