/* SO_PEEK_OFF over datagrams.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	int fd[2], v = 2;

	dgram_pair(AF_INET, fd);
	say_option("by default", fd[1], SOL_SOCKET, SO_PEEK_OFF);
	MUST(send(fd[0], "abcdef", 6, 0));
	MUST(send(fd[0], "ghi", 3, 0));
	SHOW(setsockopt(fd[1], SOL_SOCKET, SO_PEEK_OFF, &v, sizeof(v)));
	say_recv("from 2", fd[1], MSG_PEEK | MSG_DONTWAIT);
	say_option("then", fd[1], SOL_SOCKET, SO_PEEK_OFF);
	say_recv("the next", fd[1], MSG_PEEK | MSG_DONTWAIT);
	say_option("then", fd[1], SOL_SOCKET, SO_PEEK_OFF);
	say_recv("past the end", fd[1], MSG_PEEK | MSG_DONTWAIT);
	say_recv("taken", fd[1], MSG_DONTWAIT);
	say_option("moved back", fd[1], SOL_SOCKET, SO_PEEK_OFF);
	v = -1;
	SHOW(setsockopt(fd[1], SOL_SOCKET, SO_PEEK_OFF, &v, sizeof(v)));
	say_recv("off", fd[1], MSG_PEEK | MSG_DONTWAIT);
	say_option("stays", fd[1], SOL_SOCKET, SO_PEEK_OFF);
	return 0;
}
