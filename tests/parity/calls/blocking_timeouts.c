/* SO_RCVTIMEO and SO_SNDTIMEO: what each call gives when the time is over.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct timeval t = { 0, 30000 };
	static char block[1 << 16];
	struct place at;
	int l = listener(family, 1, &at), fd[2], u = dgram_bound(family, NULL);

	MUST(setsockopt(l, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t)));
	SHOW(accept(l, NULL, NULL));
	stream_pair(family, fd);
	MUST(setsockopt(fd[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t)));
	MUST(setsockopt(fd[0], SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t)));
	MUST(setsockopt(u, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t)));
	SHOW(recv(fd[0], block, 1, 0));
	SHOW(read(fd[0], block, 1));
	SHOW(recv(u, block, 1, 0));
	fill(fd[0]);
	while (send(fd[0], block, sizeof(block), MSG_NOSIGNAL) > 0)
		;
	say("full: %s", error_name(errno));
	send_all(fd[1], "x", 1);
	settle();
	SHOW(recv(fd[0], block, 1, 0));
}

int main(void)
{
	both_families(look);
	return 0;
}
