/* Bytes that MSG_MORE and TCP_CORK held back when the writer was killed; and when it
 * left unread ones behind.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void more(void *argument)
{
	MUST(send(*(int *)argument, "more", 4, MSG_MORE));
	raise(SIGKILL);
}

static void cork(void *argument)
{
	set_option(*(int *)argument, IPPROTO_TCP, TCP_CORK, 1);
	MUST(send(*(int *)argument, "cork", 4, 0));
	raise(SIGKILL);
}

static void killed(int family, const char *what, void (*how)(void *))
{
	pid_t child;
	char b[8];
	int fd[2];

	stream_pair(family, fd);
	child = child_start(how, &fd[0]);
	MUST(close(fd[0]));
	child_say_end(what, child);
	recv_all(fd[1], b, 4);
	say("%s", bytes_text(b, 4));
	SHOW(recv(fd[1], b, sizeof(b), 0));
	MUST(close(fd[1]));
}

static void look(int family)
{
	char b[8];
	int fd[2];

	killed(family, "more", more);
	killed(family, "cork", cork);
	stream_pair(family, fd);
	MUST(send(fd[1], "unread", 6, 0));
	await(fd[0], POLLIN);
	set_option(fd[0], IPPROTO_TCP, TCP_CORK, 1);
	MUST(send(fd[0], "lost", 4, 0));
	MUST(close(fd[0]));
	await(fd[1], POLLIN);
	SHOW(recv(fd[1], b, sizeof(b), 0));
	MUST(close(fd[1]));
}

int main(void)
{
	both_families(look);
	return 0;
}
