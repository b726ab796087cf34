/* Receiving on a raw socket: cut off, peeked at, with ancillary data. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	int fd = MUST(socket(AF_INET, SOCK_RAW, 253)), on = 1;
	struct sockaddr_in lo = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	char buf[64], control[256];
	struct iovec iov = { buf, 10 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control) };

	MUST(setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)));
	MUST(setsockopt(fd, IPPROTO_IP, IP_RECVTTL, &on, sizeof(on)));
	for (int k = 0; k < 3; k++)
		MUST(sendto(fd, "hello", 5, 0, (void *)&lo, sizeof(lo)));
	say_poll_until("waits", fd, POLLIN);
	SHOW(recv(fd, buf, 4, MSG_PEEK | MSG_TRUNC));
	SHOW(recv(fd, buf, 4, MSG_TRUNC));
	SHOW(recv(fd, buf, 4, 0));
	SHOW(recvmsg(fd, &m, 0));
	say("cut off %d", !!(m.msg_flags & MSG_TRUNC));
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		say("level %d type %d len %zu", c->cmsg_level, c->cmsg_type,
			c->cmsg_len);
		if (c->cmsg_type == IP_TTL)
			say("  ttl %d", *(int *)CMSG_DATA(c));
		if (c->cmsg_type == IP_PKTINFO)
			say("  interface %d",
				((struct in_pktinfo *)CMSG_DATA(c))->ipi_ifindex);
	}
	SHOW(recv(fd, buf, 4, MSG_DONTWAIT));
	return 0;
}
