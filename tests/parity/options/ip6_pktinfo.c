/* IPV6_PKTINFO as an option: the interface that datagrams leave by.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

static int set_info(int fd, const char *address, int ifindex)
{
	struct in6_pktinfo i = { .ipi6_ifindex = (unsigned)ifindex };

	inet_pton(AF_INET6, address, &i.ipi6_addr);
	return setsockopt(fd, IPPROTO_IPV6, IPV6_PKTINFO, &i, sizeof(i));
}

static ssize_t send_by(int fd, const struct place *to, int ifindex)
{
	uint8_t room[CMSG_SPACE(sizeof(struct in6_pktinfo))] = { 0 };
	struct in6_pktinfo i = { .ipi6_ifindex = (unsigned)ifindex };
	struct iovec iov = { (char *)"abc", 3 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
		.msg_name = (void *)(uintptr_t)&to->any, .msg_namelen = to->length,
		.msg_control = room, .msg_controllen = sizeof(room) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = IPPROTO_IPV6;
	c->cmsg_type = IPV6_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(i));
	memcpy(CMSG_DATA(c), &i, sizeof(i));
	return sendmsg(fd, &m, 0);
}

static void sizes(int k)
{
	struct in6_pktinfo i[2] = { { .ipi6_ifindex = 1 } };
	int fd = each_socket(k);

	for (socklen_t n = 0; n <= 24; n += 4)
		say("%s: %u bytes: %s", each_kinds[k].name, n,
			setsockopt(fd, IPPROTO_IPV6, IPV6_PKTINFO, i, n) < 0 ?
			error_name(errno) : "0");
	SHOW(setsockopt(fd, IPPROTO_IPV6, IPV6_PKTINFO, NULL, 20));
	SHOW(setsockopt(fd, IPPROTO_IPV6, IPV6_PKTINFO, NULL, 0));
	each_get(each_kinds[k].name, fd, IPPROTO_IPV6, IPV6_PKTINFO, 20);
	close(fd);
}

static void datagrams(void)
{
	struct place at;
	int b = dgram_bound(AF_INET6, &at), a = dgram_socket(AF_INET6), c;
	struct place mapped = place_of("::ffff:127.0.0.1", 9);

	SHOW(set_info(a, "::1", 1));
	SHOW(sendto(a, "abc", 3, 0, &at.any, at.length));
	say_recv("by lo", b, 0);
	SHOW(set_info(a, "2001:db8::1", 1)); /* Linux: no source comes of it */
	SHOW(sendto(a, "abc", 3, 0, &at.any, at.length));
	say_recv("by lo, of a strange address", b, 0);
	SHOW(send_by(a, &at, 1));
	say_recv("the same said twice", b, 0);
	SHOW(set_info(a, "::", 77));
	SHOW(sendto(a, "abc", 3, 0, &at.any, at.length));
	SHOW(send_by(a, &at, 1));
	say_recv("by lo for once", b, 0);
	SHOW(send_by(a, &at, 77));
	SHOW(sendto(a, "abc", 3, 0, &mapped.any, mapped.length));
	SHOW(connect(a, &at.any, at.length));
	SHOW(set_info(a, "::", 0));
	SHOW(connect(a, &at.any, at.length));
	SHOW(send(a, "abc", 3, 0));
	say_recv("by any again", b, 0);
	c = dgram_socket(AF_INET6);
	SHOW(setsockopt(c, SOL_SOCKET, SO_BINDTODEVICE, "lo", 2));
	SHOW(set_info(c, "::", 77));
	SHOW(set_info(c, "::", 1));
	SHOW(set_info(c, "::", 0));
}

static void streams(void)
{
	struct place at;
	int l = listener(AF_INET6, 1, &at), a = stream_socket(AF_INET6);

	SHOW(set_info(a, "::", 77)); /* Linux: only datagrams ask for it */
	SHOW(connect(a, &at.any, at.length));
	close(accept_one(l));
}

int main(void)
{
	for (int k = 0; k < N(each_kinds); k++)
		sizes(k);
	datagrams();
	streams();
}
