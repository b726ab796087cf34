/* FIONREAD tells the next datagram, SIOCOUTQ what is under way.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

#include <linux/sockios.h>

static void look(const char *what, int fd)
{
	int in = -1, out = -1;

	settle();
	ioctl(fd, FIONREAD, &in);
	ioctl(fd, SIOCOUTQ, &out);
	say("%s: %d in, %d out", what, in, out);
}

int main(void)
{
	int fd[2];
	char c[8];

	dgram_pair(AF_INET, fd);
	look("empty", fd[1]);
	MUST(send(fd[0], "abc", 3, 0));
	MUST(send(fd[0], "defgh", 5, 0));
	look("two", fd[1]);
	look("sender", fd[0]);
	MUST(recv(fd[1], c, 1, 0));
	look("one", fd[1]);
	MUST(recv(fd[1], c, 8, 0));
	MUST(send(fd[0], "", 0, 0));
	look("an empty one", fd[1]);
	return 0;
}
