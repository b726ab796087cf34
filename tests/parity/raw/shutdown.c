/* shutdown of a raw socket: it sends on, and reads what there is. Needs root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

#include "../ends.h"

static void look(int family)
{
	struct place at = loopback(family, 0);
	int fd = MUST(socket(family, SOCK_RAW, 253)), on = 1;
	char b[64];

	SHOW(shutdown(fd, SHUT_WR));
	MUST(connect(fd, &at.any, at.length));
	SHOW(shutdown(fd, SHUT_WR));
	SHOW(send(fd, "one", 3, MSG_NOSIGNAL));
	settle();
	SHOW(recv(fd, b, sizeof(b), 0));
	if (family == AF_INET) {
		MUST(setsockopt(fd, IPPROTO_IP, IP_HDRINCL, &on, sizeof(on)));
		memset(b, 0, sizeof(b));
		b[0] = 0x45;
		b[9] = (char)253;
		memcpy(b + 16, &at.v4.sin_addr, 4);
		SHOW(send(fd, b, 30, MSG_NOSIGNAL));
	}
	close(fd);
	fd = MUST(socket(family, SOCK_RAW, 253));
	MUST(connect(fd, &at.any, at.length));
	SHOW(send(fd, "two", 3, 0));
	await(fd, POLLIN); /* by way of the service, always */
	SHOW(shutdown(fd, SHUT_RD));
	SHOW(recv(fd, b, sizeof(b), 0));
	SHOW(recv(fd, b, sizeof(b), 0));
	close(fd);
}

int main(void)
{
	both_families(look);
	return 0;
}
