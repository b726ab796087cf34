/* sockatmark() and SIOCATMARK through the life of a mark, with single bytes.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	char c[4] = "";
	int fd[2], mark = -1;

	stream_pair(AF_INET, fd);
	SHOW(sockatmark(fd[1]));
	send_all(fd[0], "abc", 3);
	MUST(send(fd[0], "U", 1, MSG_OOB));
	send_all(fd[0], "de", 2);
	await(fd[1], POLLPRI);
	settle();
	for (int k = 0; k < 6; k++) {
		MUST(ioctl(fd[1], 0x8905, &mark));
		say("mark %d", mark);
		ssize_t n = recv(fd[1], c, 1, MSG_DONTWAIT);
		say("%zd %c", n, n > 0 ? c[0] : '-');
	}
	SHOW(sockatmark(fd[0]));
	SHOW(sockatmark(-1));
	SHOW(sockatmark(dgram_socket(AF_INET)));
	SHOW(sockatmark(stream_socket(AF_INET)));
	SHOW(sockatmark(listener(AF_INET, 1, NULL)));
	return 0;
}
