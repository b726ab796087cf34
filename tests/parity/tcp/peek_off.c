/* SO_PEEK_OFF on a stream: looks begin further on each time, reads bring it back; one
 * that begins past what is there waits.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

static int fd[2];

static void offset(const char *what)
{
	say_option(what, fd[1], SOL_SOCKET, SO_PEEK_OFF);
}

static void look(void *arg)
{
	char b[8];
	ssize_t n = recv(fd[1], b, sizeof(b), MSG_PEEK);

	(void)arg;
	say("the sleeper saw %s", n < 0 ? error_name(errno) : bytes_text(b, (size_t)n));
}

/* For no bytes: a read needs one byte, a look one behind the offset. */
static void nothing(int family)
{
	char b[1];

	stream_pair(family, fd);
	set_option(fd[1], SOL_SOCKET, SO_PEEK_OFF, 3);
	SHOW_AS("a read of none of nothing", recv(fd[1], b, 0, MSG_DONTWAIT));
	send_all(fd[0], "abc", 3);
	await(fd[1], POLLIN);
	SHOW_AS("a read of none", recv(fd[1], b, 0, MSG_DONTWAIT));
	SHOW_AS("a read of none that may wait", recv(fd[1], b, 0, 0));
	SHOW_AS("a look at none", recv(fd[1], b, 0, MSG_PEEK | MSG_DONTWAIT));
	offset("then");
	MUST(shutdown(fd[0], SHUT_WR));
	await(fd[1], POLLRDHUP);
	SHOW_AS("a look at none, at the end", recv(fd[1], b, 0, MSG_PEEK));
	close(fd[0]);
	close(fd[1]);
}

static void in_family(int family)
{
	struct thread t;
	char b[4];

	stream_pair(family, fd);
	offset("by default");
	set_option(fd[1], SOL_SOCKET, SO_PEEK_OFF, 2);
	send_all(fd[0], "abcdefgh", 8);
	await(fd[1], POLLIN);
	SHOW(recv(settled(fd[1]), b, 2, MSG_PEEK));
	say("%s", bytes_text(b, 2));
	offset("then");
	say_recv("the rest", fd[1], MSG_PEEK);
	offset("then");
	say_recv("past the end", fd[1], MSG_PEEK | MSG_DONTWAIT);
	say_poll("poll", fd[1]);
	MUST(recv(fd[1], b, 3, 0));
	offset("three are taken");
	SHOW(recv(fd[1], b, 0, MSG_PEEK | MSG_DONTWAIT));
	offset("a look at nothing");
	thread_start(&t, look, NULL);
	await_asleep(t.tid);
	send_all(fd[0], "ij", 2);
	thread_join(&t);
	offset("then");
	set_option(fd[1], SOL_SOCKET, SO_PEEK_OFF, 0);
	SHOW(recv(fd[1], b, 4, MSG_PEEK | MSG_WAITALL));
	say("%s", bytes_text(b, 4));
	offset("then");
	set_option(fd[1], SOL_SOCKET, SO_PEEK_OFF, -1);
	say_recv("off: all", fd[1], MSG_PEEK);
	offset("stays");
	set_option(fd[1], SOL_SOCKET, SO_PEEK_OFF, 100);
	MUST(shutdown(fd[0], SHUT_WR));
	await(fd[1], POLLRDHUP);
	say_recv("past the end of all", fd[1], MSG_PEEK);
	close(fd[0]);
	close(fd[1]);
}

int main(void)
{
	both_families(in_family);
	both_families(nothing);
}
