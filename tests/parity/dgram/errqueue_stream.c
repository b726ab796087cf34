/* MSG_ERRQUEUE on streams: never waits, whatever the state.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	int fd[2], l = listener(AF_INET, 1, NULL), lone = stream_socket(AF_INET);

	stream_pair(AF_INET, fd);
	turn_on(fd[0], IPPROTO_IP, IP_RECVERR);
	say_message(fd[0], MSG_ERRQUEUE, 256);
	MUST(send(fd[1], "x", 1, 0));
	say_message(fd[0], MSG_ERRQUEUE, 256);
	say_message(l, MSG_ERRQUEUE, 256);
	say_message(lone, MSG_ERRQUEUE, 256);
	return 0;
}
