/* TCP_CORK: full segments go, the rest is held back; answers do not send it, taking it
 * back and TCP_NODELAY do; the latter once.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define WINDOW_MS 120 /* a look that comes later says nothing: Linux waits for 200 */

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int there(int fd)
{
	int n = -1;

	MUST(ioctl(fd, FIONREAD, &n));
	return n;
}

static void drop(int fd[2])
{
	MUST(close(fd[0]));
	MUST(close(fd[1]));
}

/* After the step no more than so many bytes are there: looked at in time. */
static void say_held(const char *what, int family, int expected, void (*step)(int fd[2]))
{
	int fd[2], n = 0;

	for (int tries = 0; tries < 100; tries++) {
		long start = now_ms();

		stream_pair(family, fd);
		set_option(fd[0], IPPROTO_TCP, TCP_CORK, 1);
		step(fd);
		if (expected > 0)
			await(fd[1], POLLIN);
		sleep_ms(10);
		n = there(fd[1]);
		drop(fd);
		if (now_ms() - start < WINDOW_MS && n >= expected)
			break;
	}
	say("%s: %d", what, n);
}

static void some(int fd[2])
{
	MUST(send(fd[0], "abc", 3, 0));
	MUST(send(fd[0], "def", 3, 0));
}

static void then_answer(int fd[2])
{
	some(fd);
	MUST(send(fd[1], "?", 1, 0));
}

static void then_again(int fd[2])
{
	some(fd);
	set_option(fd[0], IPPROTO_TCP, TCP_CORK, 1);
	set_option(fd[0], IPPROTO_TCP, TCP_NODELAY, 0);
}

static void a_full_one(int fd[2])
{
	static char b[50000];

	MUST(send(fd[0], b, sizeof(b), 0));
}

static void nodelay_once(int fd[2])
{
	char b[6];

	some(fd);
	set_option(fd[0], IPPROTO_TCP, TCP_NODELAY, 1);
	recv_all(fd[1], b, 6);
	MUST(send(fd[0], "ghi", 3, 0));
}

static void look(int family)
{
	char b[20];
	int fd[2];

	say_held("held", family, 0, some);
	say_held("answered", family, 0, then_answer);
	say_held("corked again", family, 0, then_again);
	say_held("after a full one", family, 32000, a_full_one);
	say_held("after TCP_NODELAY", family, 0, nodelay_once);
	stream_pair(family, fd);
	set_option(fd[0], IPPROTO_TCP, TCP_CORK, 1);
	say_option("on", fd[0], IPPROTO_TCP, TCP_CORK);
	some(fd);
	set_option(fd[0], IPPROTO_TCP, TCP_CORK, 0);
	recv_all(fd[1], b, 6);
	say("uncorked: %s", bytes_text(b, 6));
	set_option(fd[0], IPPROTO_TCP, TCP_CORK, 1);
	some(fd);
	recv_all(fd[1], b, 6);
	say("in time: %s", bytes_text(b, 6));
	some(fd);
	MUST(close(fd[0]));
	recv_all(fd[1], b, 6);
	say("closed: %s", bytes_text(b, 6));
	SHOW(recv(fd[1], b, sizeof(b), 0));
	MUST(close(fd[1]));
}

int main(void)
{
	both_families(look);
	return 0;
}
