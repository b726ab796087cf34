/* How many datagrams of which size a receive buffer holds.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

static int count(int size, int bytes)
{
	static char data[65507];
	int fd[2], n = 0;

	dgram_pair(AF_INET, fd);
	if (size)
		MUST(setsockopt(fd[1], SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)));
	for (int k = 0; k < 400; k++)
		MUST(send(fd[0], data, (size_t)bytes, 0));
	while (recv(settled(fd[1]), data, sizeof(data), MSG_DONTWAIT) >= 0)
		n++;
	close(fd[0]);
	close(fd[1]);
	return n;
}

int main(void)
{
	static const int bytes[] = { 0, 1, 100, 300, 1000, 1472, 2000, 8000, 60000 };

	for (unsigned k = 0; k < sizeof(bytes) / sizeof(bytes[0]); k++)
		say("%d bytes: %d, %d, %d", bytes[k], count(0, bytes[k]),
			count(1, bytes[k]), count(20000, bytes[k]));
	return 0;
}
