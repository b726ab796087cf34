/* MSG_DONTWAIT on each receiving and sending call, O_NONBLOCK or not.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	static char block[1 << 16];
	struct iovec iov = { block, 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct mmsghdr mm = { .msg_hdr = m };
	int fd[2], u = dgram_bound(family, NULL);

	stream_pair(family, fd);
	SHOW(recv(fd[0], block, 1, MSG_DONTWAIT));
	SHOW(recvfrom(fd[0], block, 1, MSG_DONTWAIT, NULL, NULL));
	SHOW(recvmsg(fd[0], &m, MSG_DONTWAIT));
	SHOW(recvmmsg(fd[0], &mm, 1, MSG_DONTWAIT, NULL));
	SHOW(recv(u, block, 1, MSG_DONTWAIT));
	SHOW(recvmsg(u, &m, MSG_DONTWAIT));
	SHOW(recvmmsg(u, &mm, 1, MSG_DONTWAIT, NULL));
	fill(fd[0]);
	while (send(fd[0], block, sizeof(block), MSG_DONTWAIT) > 0)
		;
	say("full: %s", error_name(errno));
	say("F_GETFL %x", fcntl(fd[0], F_GETFL));
}

int main(void)
{
	both_families(look);
	return 0;
}
