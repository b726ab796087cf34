/* A sleeping poll() is woken by each thing that it waits for.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int fd[2];
static pid_t sleeper;

static void wait_for_in(void *argument)
{
	struct pollfd p = { .fd = fd[0], .events = *(int *)argument };

	say("poll %d", poll(&p, 1, LIMIT_MS));
	say("%s", poll_text(p.revents));
}

static void run(const char *what, int family, int events, void (*act)(void))
{
	struct thread t;

	say("-- %s", what);
	stream_pair(family, fd);
	thread_start(&t, wait_for_in, &events);
	await_asleep(t.tid);
	act();
	thread_join(&t);
	close(fd[0]);
	close(fd[1]);
}

static void data(void)
{
	send_all(fd[1], "x", 1);
}

static void end(void)
{
	MUST(shutdown(fd[1], SHUT_WR));
}

static void closed(void)
{
	close(dup2(MUST(open("/dev/null", O_RDONLY)), fd[1]));
}

static void reset(void)
{
	reset_on_close(fd[1]);
	closed();
}

static void shut_here(void)
{
	MUST(shutdown(fd[0], SHUT_RD));
}

static void look(int family)
{
	run("data", family, POLLIN, data);
	run("end", family, POLLIN, end);
	run("end, for POLLRDHUP", family, POLLRDHUP, end);
	run("closed", family, POLLIN, closed);
	run("reset", family, POLLIN, reset);
	run("reset, for nothing", family, 0, reset);
	run("shut here", family, POLLIN, shut_here);
}

int main(void)
{
	(void)sleeper;
	both_families(look);
	return 0;
}
