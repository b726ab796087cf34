/* SO_LINGER: what is read back, and close() within the host does not wait.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void set(int fd, int on, int seconds)
{
	struct linger l = { on, seconds };
	socklen_t len = sizeof(l);

	say("set %d %d: %d", on, seconds,
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l)));
	MUST(getsockopt(fd, SOL_SOCKET, SO_LINGER, &l, &len));
	say("get %d %d, %u bytes", l.l_onoff, l.l_linger, (unsigned)len);
}

int main(void)
{
	char buf[8];
	int fd[2];

	stream_pair(AF_INET, fd);
	set(fd[0], 0, 0);
	set(fd[0], 7, 3);
	set(fd[0], 0, 5);
	set(fd[0], 1, 0);
	SHOW(setsockopt(fd[0], SOL_SOCKET, SO_LINGER, buf, 4));
	set(fd[0], 1, 30);
	send_all(fd[0], "unread", 6);
	SHOW(close(fd[0]));
	say_recv("rest", fd[1], 0);
	say_recv("end", fd[1], 0);
	return 0;
}
