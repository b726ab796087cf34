/* SO_RXQ_OVFL: losses are told with the next datagram that came after them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	int fd[2], size = 1, n = 0;
	char c[300] = { 0 };

	dgram_pair(AF_INET, fd);
	turn_on(fd[1], SOL_SOCKET, SO_RXQ_OVFL);
	MUST(setsockopt(fd[1], SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)));
	for (int k = 0; k < 10; k++)
		MUST(send(fd[0], c, sizeof(c), 0));
	while (recv(settled(fd[1]), c, sizeof(c), MSG_DONTWAIT) >= 0)
		n++;
	say("%d came", n);
	MUST(send(fd[0], "next", 4, 0));
	say_message(fd[1], MSG_DONTWAIT, 256);
	return 0;
}
