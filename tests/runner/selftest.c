/* Tests for the runner itself: most of them must fail. selftest.py runs this
 * program and compares what the runner says with what it should.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

TEST(pass)
{
	CHECK(1 + 1 == 2);
	CHECK_INT(3, <, 4);
	CHECK_STR("a", "a");
	CHECK_MEM("abc", "abc", 3);
}

TEST(pass_with_output)
{
	printf("not ok 99 - forged\n");
	fflush(stdout);
}

TEST(fail_check)
{
	int two = 2;

	CHECK(two == 3);
}

TEST(fail_int)
{
	int two = 2;

	CHECK_INT(two, >, 7);
}

TEST(fail_mem)
{
	CHECK_MEM("abcd", "abxd", 4);
}

TEST(fail_str)
{
	CHECK_STR("one\nok 1", "two");
}

TEST(fail_in_child)
{
	pid_t pid = fork();

	if (pid == 0)
		CHECK(!"child");
	waitpid(pid, NULL, 0);
}

TEST(fail_child_returns)
{
	pid_t pid = fork();

	if (pid == 0)
		return;
	waitpid(pid, NULL, 0);
}

TEST(fail_signal)
{
	raise(SIGKILL);
}

TEST(fail_exit_status)
{
	exit(5);
}

TEST(fail_exit_early)
{
	exit(0);
}

TEST_TIMEOUT(fail_time, 1)
{
	for (;;)
		pause();
}

TEST(fail_descriptor)
{
	CHECK(open("/dev/null", O_RDONLY) >= 0);
}

TEST(skip_reason)
{
	SKIP("no %s here", "moon");
}

/* The script reads the numbers from standard error and looks whether these
 * processes live on. */
TEST(pass_leaves_children)
{
	int p[2];
	char c;

	CHECK(pipe(p) == 0);
	for (int i = 0; i < 2; i++) {
		if (fork() != 0)
			continue;
		if (i == 1)
			setsid();
		fprintf(stderr, "left %d\n", (int)getpid());
		CHECK(write(p[1], "x", 1) == 1);
		for (;;)
			pause();
	}
	for (int i = 0; i < 2; i++)
		CHECK(read(p[0], &c, 1) == 1);
	close(p[0]);
	close(p[1]);
}
