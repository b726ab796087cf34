/* What a packet socket cannot do. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

int main(void)
{
	int fd = packet_on(SOCK_RAW, ETH_P_OURS, LO), n = -1;
	static const int flags[] = { MSG_OOB, MSG_PEEK, MSG_WAITALL, MSG_NOSIGNAL,
		MSG_TRUNC, MSG_ERRQUEUE, MSG_MORE, MSG_EOR, MSG_CMSG_CLOEXEC };
	struct sockaddr_ll ll = { .sll_family = AF_PACKET };
	socklen_t len = sizeof(ll);
	char buf[100];

	SHOW(listen(fd, 1));
	SHOW(accept(fd, NULL, NULL));
	SHOW(connect(fd, (void *)&ll, sizeof(ll)));
	SHOW(shutdown(fd, SHUT_RD));
	SHOW(shutdown(fd, 7));
	SHOW(getpeername(fd, (void *)&ll, &len));
	for (size_t k = 0; k < sizeof(flags) / sizeof(flags[0]); k++) {
		say("flag %x", flags[k]);
		SHOW(recv(fd, buf, sizeof(buf), flags[k] | MSG_DONTWAIT));
	}
	SHOW(ioctl(fd, FIONREAD, &n));
	say("%d bytes wait", n);
	SHOW(ioctl(fd, TIOCOUTQ, &n));
	say("%d bytes go", n);
	SHOW(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED ? -1 : 0);
	return 0;
}
