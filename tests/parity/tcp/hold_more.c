/* MSG_MORE: what is held back, and what sends it: a send without it, a full segment, an
 * answer, TCP_NODELAY, the end.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#include <linux/sockios.h>

#define WINDOW_MS 120 /* a look that comes later says nothing: Linux waits for 200 */

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int asked(int fd, unsigned long request)
{
	int n = -1;

	MUST(ioctl(fd, request, &n));
	return n;
}

/* After the step the reader has nothing, and the writer all: looked at in time. */
static void say_held(const char *what, int family, void (*step)(int fd[2]))
{
	int fd[2], in = 0, out = 0, unsent = 0;

	for (int tries = 0; tries < 100; tries++) {
		long start = now_ms();

		stream_pair(family, fd);
		step(fd);
		sleep_ms(10);
		in = asked(fd[1], FIONREAD);
		out = asked(fd[0], SIOCOUTQ);
		unsent = asked(fd[0], SIOCOUTQNSD);
		MUST(close(fd[0]));
		MUST(close(fd[1]));
		if (now_ms() - start < WINDOW_MS)
			break;
	}
	say("%s: %d there, %d of %d not sent", what, in, unsent, out);
}

/* After the step so many bytes come. */
static void say_sent(const char *what, int family, void (*step)(int fd[2]), int n)
{
	static char b[1 << 17];
	int fd[2];

	stream_pair(family, fd);
	step(fd);
	recv_all(fd[1], b, (size_t)n);
	say("%s: %s", what, bytes_text(b, (size_t)n));
	MUST(close(fd[0]));
	MUST(close(fd[1]));
}

static void some(int fd[2])
{
	MUST(send(fd[0], "one ", 4, MSG_MORE));
	MUST(send(fd[0], "two", 3, MSG_MORE));
}

static void some_with_empty(int fd[2])
{
	some(fd);
	MUST(send(fd[0], "", 0, 0));
}

static void then_plain(int fd[2])
{
	some(fd);
	MUST(send(fd[0], " three", 6, 0));
}

static void then_urgent(int fd[2])
{
	some(fd);
	MUST(send(fd[0], "!", 1, MSG_OOB));
}

static void then_nodelay(int fd[2])
{
	some(fd);
	set_option(fd[0], IPPROTO_TCP, TCP_NODELAY, 1);
}

static void then_uncork(int fd[2])
{
	some(fd);
	set_option(fd[0], IPPROTO_TCP, TCP_CORK, 0);
}

static void then_answer(int fd[2])
{
	some(fd);
	MUST(send(fd[1], "?", 1, 0));
}

static void then_shutdown(int fd[2])
{
	some(fd);
	MUST(shutdown(fd[0], SHUT_WR));
}

static void a_full_one(int fd[2])
{
	static char b[50000];

	memset(b, 'x', sizeof(b));
	MUST(send(fd[0], b, sizeof(b), MSG_MORE));
}

static void look(int family)
{
	say_held("held", family, some);
	say_held("an empty send", family, some_with_empty);
	say_sent("nothing", family, some, 7);
	say_sent("a send", family, then_plain, 13);
	say_sent("an urgent byte", family, then_urgent, 7);
	say_sent("TCP_NODELAY", family, then_nodelay, 7);
	say_sent("no TCP_CORK", family, then_uncork, 7);
	say_sent("an answer", family, then_answer, 7);
	say_sent("shutdown", family, then_shutdown, 7);
	say_sent("a full segment", family, a_full_one, 50000);
}

int main(void)
{
	both_families(look);
	return 0;
}
