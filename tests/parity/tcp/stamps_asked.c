/* Times of sending that one write on a stream asks for by a control message.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>

static void asked(const char *what, int fd, const char *text, uint32_t flags)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(flags))];
	} c = { .head = { .cmsg_len = CMSG_LEN(sizeof(flags)), .cmsg_level = SOL_SOCKET,
		.cmsg_type = SO_TIMESTAMPING } };
	struct iovec iov = { (char *)text, strlen(text) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &c,
		.msg_controllen = sizeof(c) };

	memcpy(CMSG_DATA(&c.head), &flags, sizeof(flags));
	SHOW_AS(what, sendmsg(fd, &m, 0));
}

static void reports(int fd, int most)
{
	char bytes[256], control[256];

	for (int k = 0; k < most; k++) {
		struct iovec iov = { bytes, sizeof(bytes) };
		struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
			.msg_control = control, .msg_controllen = sizeof(control) };
		struct sock_extended_err ee = { 0 };

		await(fd, POLLERR);
		MUST(recvmsg(fd, &m, MSG_ERRQUEUE));
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
			if (c->cmsg_level != SOL_SOCKET)
				memcpy(&ee, CMSG_DATA(c), sizeof(ee));
		}
		say("  origin %d info %u data %u", ee.ee_origin, ee.ee_info, ee.ee_data);
	}
	say_poll(" then", fd);
}

int main(void)
{
	int fd[2], flags = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_TSONLY;

	stream_pair(AF_INET, fd);
	MUST(setsockopt(fd[0], SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof(flags)));
	send_all(fd[0], "a", 1);
	reports(fd[0], 0);
	asked("sent", fd[0], "bc", SOF_TIMESTAMPING_TX_SOFTWARE);
	reports(fd[0], 1);
	asked("queued", fd[0], "de", SOF_TIMESTAMPING_TX_SCHED);
	reports(fd[0], 1);
	asked("acknowledged", fd[0], "fg", SOF_TIMESTAMPING_TX_ACK);
	reports(fd[0], 1);
	asked("not a time of sending", fd[0], "x", SOF_TIMESTAMPING_RX_SOFTWARE);
	flags |= SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_TX_SOFTWARE;
	MUST(setsockopt(fd[0], SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof(flags)));
	asked("with numbers", fd[0], "hij", SOF_TIMESTAMPING_TX_SCHED);
	reports(fd[0], 1);
	asked("nothing this once", fd[0], "k", 0);
	reports(fd[0], 0);
	send_all(fd[0], "lm", 2);
	reports(fd[0], 1);
	await(fd[1], POLLIN);
	say_recv("the peer", fd[1], 0);
	return 0;
}
