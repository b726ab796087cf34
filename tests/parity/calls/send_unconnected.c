/* Sending on sockets that are not connected, with and without an address.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at, nowhere = loopback(family, 0);
	struct iovec iov = { (char[]){ "x" }, 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	int l = listener(family, 1, &at), s = stream_socket(family);
	int u = dgram_socket(family), v = dgram_bound(family, NULL);

	SHOW(send(s, "x", 1, MSG_NOSIGNAL));
	SHOW(sendto(s, "x", 1, MSG_NOSIGNAL, &at.any, at.length));
	SHOW(send(l, "x", 1, MSG_NOSIGNAL));
	SHOW(send(u, "x", 1, 0));
	SHOW(write(u, "x", 1));
	SHOW(sendmsg(u, &m, 0));
	SHOW(send(v, "x", 1, 0));
	SHOW(send(v, "", 0, 0));
	SHOW(sendto(v, "x", 1, 0, &nowhere.any, nowhere.length));
	SHOW(sendto(v, "x", 1, 0, NULL, 16));
	say_names("after the errors", u);
}

int main(void)
{
	both_families(look);
	return 0;
}
