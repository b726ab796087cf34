/* SO_TIMESTAMPING: software times of arrival and of sending.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

#include <linux/net_tstamp.h>

static void set(int fd, int flags)
{
	SHOW_AS("set", setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &flags,
		sizeof(flags)));
}

/* The kernel begins to take times a moment after it was asked to. */
static void wait_stamped(int fd[2])
{
	char c, room[128];
	struct iovec v = { &c, 1 };

	for (int k = 0; k < 1000; k++) {
		struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1,
			.msg_control = room, .msg_controllen = sizeof(room) };
		struct timespec pause = { 0, 1000000 };

		MUST(send(fd[0], "x", 1, 0));
		MUST(recvmsg(fd[1], &m, 0));
		if (m.msg_controllen)
			return;
		nanosleep(&pause, NULL);
	}
	broken("no times");
}

int main(void)
{
	int fd[2];

	dgram_pair(AF_INET, fd);
	set(fd[1], SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE);
	wait_stamped(fd);
	MUST(send(fd[0], "arrives", 7, 0));
	say_message(fd[1], 0, 256);
	set(fd[0], SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_TX_SOFTWARE |
		SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY);
	MUST(send(fd[0], "one", 3, 0));
	MUST(send(fd[0], "two", 3, 0));
	say_poll("reports wait", fd[0]);
	say_message(fd[0], MSG_ERRQUEUE, 256);
	say_message(fd[0], MSG_ERRQUEUE, 256);
	say_message(fd[0], MSG_ERRQUEUE, 256);
	say_so_error("none", fd[0]);
	set(fd[0], 1 << 30);
	set(fd[0], SOF_TIMESTAMPING_OPT_STATS);
	return 0;
}
