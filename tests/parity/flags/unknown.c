/* Flags that nobody knows are ignored by send() and recv(), streams and
 * datagrams.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	static const unsigned flags[] = { MSG_DONTROUTE, MSG_CTRUNC, MSG_PROXY, MSG_EOR,
		MSG_FIN, MSG_SYN, MSG_CONFIRM, MSG_RST, MSG_BATCH, MSG_CMSG_CLOEXEC,
		0x80000, 0x100000, 0x200000, 0x400000, 0x800000, 0x1000000 };

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		int fd[2];
		char b[4];

		stream_pair(family, fd);
		say("%x", flags[i]);
		SHOW(send(fd[0], "x", 1, flags[i]));
		await(fd[1], POLLIN);
		SHOW(recv(fd[1], b, 1, flags[i] | MSG_DONTWAIT));
		close(fd[0]);
		close(fd[1]);
		dgram_pair(family, fd);
		SHOW(send(fd[0], "x", 1, flags[i]));
		settle();
		SHOW(recv(fd[1], b, 1, flags[i] | MSG_DONTWAIT));
		close(fd[0]);
		close(fd[1]);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
