/* sendto(): bad lengths and families of the address; on a connected stream it
 * does not count.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at, other = loopback(family == AF_INET ? AF_INET6 : AF_INET, 9);
	int u = dgram_socket(family), v = dgram_bound(family, &at), fd[2];

	SHOW(sendto(u, "x", 1, 0, &at.any, 0));
	SHOW(sendto(u, "x", 1, 0, &at.any, 1));
	SHOW(sendto(u, "x", 1, 0, &at.any, 8));
	SHOW(sendto(u, "x", 1, 0, &at.any, at.length - 1));
	SHOW(sendto(u, "x", 1, 0, &at.any, at.length + 1));
	SHOW(sendto(u, "x", 1, 0, &at.any, 128));
	SHOW(sendto(u, "x", 1, 0, &at.any, 129));
	SHOW(sendto(u, "x", 1, 0, &at.any, -1));
	SHOW(sendto(u, "x", 1, 0, &other.any, other.length));
	at.any.sa_family = AF_UNIX;
	SHOW_AS("as AF_UNIX", sendto(u, "x", 1, 0, &at.any, at.length));
	at.any.sa_family = AF_UNSPEC;
	SHOW_AS("as AF_UNSPEC", sendto(u, "x", 1, 0, &at.any, at.length));
	at.any.sa_family = family;
	MUST(connect(u, &at.any, at.length));
	at.any.sa_family = AF_UNSPEC;
	SHOW_AS("connected, as AF_UNSPEC", sendto(u, "x", 1, 0, &at.any, at.length));
	settle(); /* no more than these come */
	while (recv(v, &(char){ 0 }, 1, MSG_DONTWAIT) == 1)
		say("a message");
	stream_pair(family, fd);
	SHOW(sendto(fd[0], "x", 1, 0, &at.any, at.length));
	SHOW(sendto(fd[0], "x", 1, 0, &at.any, 2));
	SHOW(sendto(fd[0], "x", 1, 0, &at.any, 0));
	SHOW(sendto(fd[0], "x", 1, 0, &at.any, 1000));
	SHOW(sendto(fd[0], "x", 1, 0, NULL, 1000));
}

int main(void)
{
	both_families(look);
	return 0;
}
