/* Empty datagrams: poll, FIONREAD, recv.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	int fd[2], n = -1;
	char c;

	dgram_pair(AF_INET, fd);
	SHOW(send(fd[0], NULL, 0, 0));
	SHOW(send(fd[0], "x", 1, 0));
	say_poll("an empty one", fd[1]);
	MUST(ioctl(fd[1], FIONREAD, &n));
	say("%d", n);
	SHOW(recv(fd[1], &c, 1, 0));
	SHOW(recv(fd[1], NULL, 0, 0));
	say_poll("gone with it", fd[1]);
	return 0;
}
