/* Datagrams that are too long: the error, and what the error queue says of it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <time.h>

#include <linux/errqueue.h>

#include "../say.h"

static char zeros[200000];

static void queued(int fd)
{
	struct sock_extended_err e;
	struct place from = { 0 };
	char text[64], room[256];
	struct iovec iov = { text, sizeof(text) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = room,
		.msg_controllen = sizeof(room), .msg_name = &from.any,
		.msg_namelen = sizeof(from.room) };
	const struct cmsghdr *c;
	ssize_t n = recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT);

	if (n < 0) {
		say("  queue: %s", error_name(errno));
		return;
	}
	c = CMSG_FIRSTHDR(&m);
	memcpy(&e, CMSG_DATA(c), sizeof(e));
	say("  queue: %zd bytes, %d/%d, %s from %d, info %u, %s", n, c->cmsg_level,
		c->cmsg_type, error_name((int)e.ee_errno), e.ee_origin, e.ee_info,
		address_text(&from.any, m.msg_namelen));
}

static void each_length(int family, const char *text)
{
	static const size_t lengths[] = { 65507, 65508, 65527, 65528, 65535, 65536,
		65537, 200000 };
	struct place to = place_of(text, 0);
	int fd = MUST(socket(family, SOCK_DGRAM, 0));
	int sink = MUST(socket(family, SOCK_DGRAM, 0));

	MUST(bind(sink, &to.any, to.length));
	to = own_place(sink);
	say("-- %s", text);
	set_option(fd, IPPROTO_IP, IP_RECVERR, 1);
	if (family == AF_INET6)
		set_option(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
	for (size_t k = 0; k < sizeof(lengths) / sizeof(lengths[0]); k++) {
		ssize_t n = sendto(fd, zeros, lengths[k], 0, &to.any, to.length);

		say("%zu: %s", lengths[k], n < 0 ? error_name(errno) : "sent");
		queued(fd);
		say_so_error("  pending", fd);
	}
	close(fd);
	close(sink);
}

int main(void)
{
	each_length(AF_INET, "127.0.0.1");
	each_length(AF_INET6, "::1");
	each_length(AF_INET6, "::ffff:127.0.0.1");
	return 0;
}
