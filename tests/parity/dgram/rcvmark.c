/* SO_RCVMARK and SO_RCVPRIORITY: the sender's, as ancillary data. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

#define SO_RCVPRIORITY 82 /* newer than the headers of Debian 12 */

static void in_family(int family)
{
	int fd[2];

	dgram_pair(family, fd);
	set_option(fd[1], SOL_SOCKET, SO_RCVMARK, 1);
	set_option(fd[1], SOL_SOCKET, SO_RCVPRIORITY, 1);
	MUST(send(fd[0], "plain", 5, 0));
	say("neither:");
	say_message(settled(fd[1]), MSG_DONTWAIT, 256);
	set_option(fd[0], SOL_SOCKET, SO_MARK, 77);
	set_option(fd[0], SOL_SOCKET, SO_PRIORITY, 5);
	MUST(send(fd[0], "both", 4, 0));
	say("both:");
	say_message(settled(fd[1]), MSG_DONTWAIT, 256);
	set_option(fd[1], SOL_SOCKET, SO_RCVMARK, 0);
	MUST(send(fd[0], "priority", 8, 0));
	say("priority alone:");
	say_message(settled(fd[1]), MSG_DONTWAIT, 256);
	set_option(fd[1], SOL_SOCKET, SO_RCVPRIORITY, 0);
	MUST(send(fd[0], "none", 4, 0));
	say("none is asked for:");
	say_message(settled(fd[1]), MSG_DONTWAIT, 256);
	close(fd[0]);
	close(fd[1]);
}

int main(void)
{
	both_families(in_family);
}
