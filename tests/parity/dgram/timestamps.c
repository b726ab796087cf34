/* SO_TIMESTAMP, SO_TIMESTAMPNS: which message comes, options exclude each other.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	int fd[2], zero = 0;

	dgram_pair(AF_INET, fd);
	MUST(send(fd[0], "before", 6, 0));
	turn_on(fd[1], SOL_SOCKET, SO_TIMESTAMP);
	say_message(fd[1], 0, 256);
	MUST(send(fd[0], "us", 2, 0));
	say_message(fd[1], 0, 256);
	turn_on(fd[1], SOL_SOCKET, SO_TIMESTAMPNS);
	say_option("us", fd[1], SOL_SOCKET, SO_TIMESTAMP);
	say_option("ns", fd[1], SOL_SOCKET, SO_TIMESTAMPNS);
	MUST(send(fd[0], "ns", 2, 0));
	say_message(fd[1], 0, 256);
	MUST(send(fd[0], "short", 5, 0));
	say_message(fd[1], 0, 24);
	MUST(setsockopt(fd[1], SOL_SOCKET, SO_TIMESTAMPNS, &zero, sizeof(zero)));
	say_option("us", fd[1], SOL_SOCKET, SO_TIMESTAMP);
	MUST(send(fd[0], "off", 3, 0));
	say_message(fd[1], 0, 256);
	return 0;
}
