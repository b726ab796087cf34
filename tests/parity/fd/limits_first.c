/* The first network call of a program that has one number left, and none.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sys/resource.h>

#include "say.h"

static void child(void *unused)
{
	struct place at = loopback(AF_INET, 0);

	(void)unused;
	SHOW(bind(3, &at.any, at.length));
	SHOW(listen(3, 1));
}

int main(void)
{
	struct rlimit limit = { 4, 4 };

	for (int k = 3; k < 1024; k++)
		close(k);
	MUST(setrlimit(RLIMIT_NOFILE, &limit));
	SHOW(socket(AF_INET, SOCK_STREAM, 0));
	SHOW(socket(AF_INET, SOCK_STREAM, 0));
	SHOW(socket(AF_INET6, SOCK_DGRAM, 0));
	child_say_end("child", child_start(child, NULL));
	close(3);
	SHOW(socket(AF_INET6, SOCK_DGRAM, 0));
	return 0;
}
