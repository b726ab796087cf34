/* MSG_MORE on a raw socket: one packet of several calls. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at = loopback(family, 0);
	int fd = MUST(socket(family, SOCK_RAW, 253)), on = 1, header;
	char b[100];

	header = family == AF_INET ? 20 : 0;
	MUST(connect(fd, &at.any, at.length));
	SHOW(send(fd, "one", 3, MSG_MORE));
	SHOW(send(fd, "two", 3, MSG_MORE));
	SHOW(recv(fd, b, sizeof(b), MSG_DONTWAIT));
	SHOW(send(fd, "end", 3, 0));
	await(fd, POLLIN);
	SHOW(recv(fd, b, sizeof(b), 0));
	say("%.9s", b + header);
	SHOW(send(fd, "next", 4, 0));
	await(fd, POLLIN);
	SHOW(recv(fd, b, sizeof(b), 0));
	if (family == AF_INET6)
		return;
	/* With a header of one's own there is nothing to wait for. */
	MUST(setsockopt(fd, IPPROTO_IP, IP_HDRINCL, &on, sizeof(on)));
	memset(b, 0, sizeof(b));
	b[0] = 0x45;
	b[9] = (char)253;
	memcpy(b + 16, &at.v4.sin_addr, 4);
	SHOW(send(fd, b, 30, MSG_MORE));
	await(fd, POLLIN);
	SHOW(recv(fd, b, sizeof(b), 0));
}

int main(void)
{
	look(AF_INET);
	look(AF_INET6);
	return 0;
}
