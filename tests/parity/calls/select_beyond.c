/* select() beyond FD_SETSIZE, beyond the kernel's table, and on closed numbers.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sys/resource.h>

#include "say.h"

static unsigned long words[4096 / (8 * sizeof(long))];

static void put(int fd)
{
	memset(words, 0, sizeof(words));
	words[fd / 64] = 1UL << (fd % 64);
}

int main(void)
{
	struct timeval none = { 0, 0 };
	struct rlimit limit;
	int fd[2];

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max < 4096 ? limit.rlim_max : 4096;
	MUST(setrlimit(RLIMIT_NOFILE, &limit));
	stream_pair(AF_INET, fd);
	send_all(fd[1], "a", 1);
	await(fd[0], POLLIN);
	put(fd[0]);
	SHOW(select(fd[0] + 1, (void *)words, NULL, NULL, NULL));
	SHOW(select(-1, (void *)words, NULL, NULL, &none));
	words[0] |= 1UL << 60;
	SHOW_AS("a closed number too", select(61, (void *)words, NULL, NULL, &none));
	put(fd[0]);
	words[900 / 64] |= 1UL << (900 % 64);
	SHOW_AS("one beyond the table", select(901, (void *)words, NULL, NULL, &none));
	MUST(dup2(fd[0], 2000));
	put(2000);
	SHOW(select(2001, (void *)words, NULL, NULL, NULL));
	say("told %d", words[2000 / 64] == 1UL << (2000 % 64));
	SHOW(select(1000000, (void *)words, NULL, NULL, &none));
	SHOW(select(2000, (void *)words, NULL, NULL, &none));
	return 0;
}
