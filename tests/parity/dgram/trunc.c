/* MSG_TRUNC: told, and the real length on request.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	int fd[2];
	char c[4];

	dgram_pair(AF_INET, fd);
	for (int k = 0; k < 4; k++)
		MUST(send(fd[0], "0123456789", 10, 0));
	SHOW(recv(fd[1], c, 4, 0));
	SHOW(recv(fd[1], c, 4, MSG_TRUNC));
	SHOW(recv(fd[1], c, 4, MSG_TRUNC | MSG_PEEK));
	SHOW(recv(fd[1], NULL, 0, MSG_TRUNC | MSG_PEEK));
	SHOW(recv(fd[1], c, 4, MSG_WAITALL));
	SHOW(recv(settled(fd[1]), c, 4, MSG_OOB | MSG_DONTWAIT));
	SHOW(recv(settled(fd[1]), c, 4, MSG_DONTWAIT));
	return 0;
}
