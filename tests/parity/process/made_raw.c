/* Children by clone(), _Fork() and the bare system calls.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sched.h>
#include <sys/syscall.h>

#include "say.h"

static int fd[2];
static char stack[65536] __attribute__((aligned(16)));

static int child(void *unused)
{
	char byte = 0;

	(void)unused;
	if (read(fd[0], &byte, 1) != 1 || byte != 'a')
		return 1;
	if (listener(AF_INET, 1, NULL) < 0)
		return 2;
	return write(fd[0], "ok", 2) == 2 ? 0 : 3;
}

static void look(const char *what, pid_t pid)
{
	char bytes[2];

	if (pid == 0)
		_exit(child(NULL));
	send_all(fd[1], "a", 1);
	recv_all(fd[1], bytes, 2);
	child_say_end(what, pid);
}

int main(void)
{
	stream_pair(AF_INET, fd);
	look("clone", clone(child, stack + sizeof(stack), SIGCHLD, NULL));
	look("_Fork", _Fork());
	look("the system call", (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
	return 0;
}
