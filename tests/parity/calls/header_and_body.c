/* Data of any length after a header that tells it: writev() at one end,
 * MSG_WAITALL at the other.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

struct header {
	uint32_t first, second;
};

static int fd[2];

static void sender(void *unused)
{
	static const char one[] = "dato", two[] = "otro dato más largo";
	struct header h = { htonl(strlen(one)), htonl(strlen(two)) };
	struct iovec iov[3] = { { &h, sizeof(h) }, { (char *)one, strlen(one) },
		{ (char *)two, strlen(two) } };

	MUST(writev(fd[0], iov, 3));
}

static void look(int family)
{
	struct header h;
	struct thread t;
	char b[64];

	stream_pair(family, fd);
	thread_start(&t, sender, NULL);
	SHOW(recv(fd[1], &h, sizeof(h), MSG_WAITALL));
	thread_join(&t);
	SHOW(recv(fd[1], b, ntohl(h.first), MSG_WAITALL));
	SHOW(recv(fd[1], b, ntohl(h.second), MSG_WAITALL));
	say("%s", bytes_text(b, ntohl(h.second)));
}

int main(void)
{
	both_families(look);
	return 0;
}
