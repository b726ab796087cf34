/* SO_RCVLOWAT: recv() waits for so many bytes, if it may wait and was asked for as many.
 * What it has taken by then counts, but does not for being woken.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#include <sys/ioctl.h>

#define LOWAT 5

struct reading {
	int fd;
	long got;
};

static void reader(void *argument)
{
	struct reading *r = argument;
	char buf[64];

	r->got = recv(r->fd, buf, sizeof(buf), 0);
}

/* Someone sleeps with three bytes in hand. */
static void start_with_three(struct thread *t, struct reading *r, const int fd[2])
{
	int unread;

	*r = (struct reading){ fd[1], -1 };
	send_all(fd[0], "abc", 3);
	settle();
	thread_start(t, reader, r);
	await_asleep(t->tid);
	MUST(ioctl(fd[1], FIONREAD, &unread));
	say("unread %d", unread);
}

static void look(int family)
{
	struct timeval soon = { 0, 50000 };
	struct reading r;
	struct thread t;
	char buf[64];
	int fd[2];

	stream_pair(family, fd);
	set_option(fd[1], SOL_SOCKET, SO_RCVLOWAT, LOWAT);
	start_with_three(&t, &r, fd);
	send_all(fd[0], "de", 2);
	say("woken by two: %d", thread_ends(&t, 50));
	send_all(fd[0], "fgh", 3);
	thread_join(&t);
	say("by five: %ld", r.got);
	send_all(fd[0], "abc", 3);
	settle();
	say("not waiting: %zd", recv(fd[1], buf, sizeof(buf), MSG_DONTWAIT));
	send_all(fd[0], "abc", 3);
	settle();
	say("asked for fewer: %zd", recv(fd[1], buf, 2, 0));
	MUST(setsockopt(fd[1], SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon)));
	say("for a time, a look: %zd", recv(fd[1], buf, sizeof(buf), MSG_PEEK));
	say("for a time: %zd", recv(fd[1], buf, sizeof(buf), 0));
	soon.tv_usec = 0;
	MUST(setsockopt(fd[1], SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon)));
	start_with_three(&t, &r, fd);
	MUST(shutdown(fd[0], SHUT_WR));
	thread_join(&t);
	say("by the end: %ld", r.got);
}

int main(void)
{
	both_families(look);
	return 0;
}
