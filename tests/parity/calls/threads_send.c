/* Several threads write lines to one stream: no line is torn.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define THREADS 4
#define LINES 200

static int fd[2];
static char letters[THREADS];

static void worker(void *letter)
{
	char line[40];

	memset(line, *(char *)letter, sizeof(line));
	line[39] = '\n';
	for (int i = 0; i < LINES; i++)
		if (MUST(send(fd[0], line, sizeof(line), 0)) != sizeof(line))
			broken("a part");
}

static void look(int family)
{
	struct thread t[THREADS];
	int torn = 0;

	stream_pair(family, fd);
	for (int i = 0; i < THREADS; i++) {
		letters[i] = (char)('a' + i);
		thread_start(&t[i], worker, &letters[i]);
	}
	for (int n = 0; n < THREADS * LINES; n++) {
		char line[40];

		recv_all(fd[1], line, sizeof(line));
		for (int i = 1; i < 39; i++)
			torn += line[i] != line[0];
		torn += line[39] != '\n';
	}
	for (int i = 0; i < THREADS; i++)
		thread_join(&t[i]);
	say("%d bytes out of place", torn);
}

int main(void)
{
	both_families(look);
	return 0;
}
