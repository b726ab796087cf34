/* MSG_PEEK with MSG_WAITALL waits until so much can be seen.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int fd[2];

static void writer(void *unused)
{
	for (int i = 0; i < 4; i++) {
		send_all(fd[0], "0123456789", 10);
		sleep_ms(5);
	}
}

static void look(int family)
{
	struct thread t;
	char b[100];

	stream_pair(family, fd);
	thread_start(&t, writer, NULL);
	SHOW(recv(fd[1], b, 35, MSG_WAITALL | MSG_PEEK));
	SHOW(recv(fd[1], b, 40, MSG_WAITALL));
	thread_join(&t);
}

int main(void)
{
	both_families(look);
	return 0;
}
