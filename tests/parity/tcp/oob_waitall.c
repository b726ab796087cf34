/* MSG_WAITALL ends at the urgent mark.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	char buf[16];
	int fd[2];
	long n;

	stream_pair(AF_INET, fd);
	send_all(fd[0], "abc", 3);
	MUST(send(fd[0], "U", 1, MSG_OOB));
	send_all(fd[0], "defgh", 5);
	await(fd[1], POLLPRI);
	settle();
	n = SHOW(recv(fd[1], buf, 8, MSG_WAITALL));
	say("%s", bytes_text(buf, (size_t)n));
	n = SHOW(recv(fd[1], buf, 5, MSG_WAITALL));
	say("%s", bytes_text(buf, (size_t)n));
	return 0;
}
