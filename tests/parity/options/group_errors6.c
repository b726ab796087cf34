/* Joining and leaving groups of IPv6: each way to do it wrong.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../groups.h"

#define ADD IPV6_ADD_MEMBERSHIP
#define DROP IPV6_DROP_MEMBERSHIP

static void sources(int fd)
{
	SHOW(source_req(fd, MCAST_JOIN_SOURCE_GROUP, "ff05::7", 1, "2001:db8::1"));
	SHOW(source_req(fd, MCAST_JOIN_SOURCE_GROUP, "ff05::7", 1, "2001:db8::1"));
	SHOW(source_req(fd, MCAST_JOIN_SOURCE_GROUP, "ff05::7", 1, "2001:db8::2"));
	SHOW(source_req(fd, MCAST_BLOCK_SOURCE, "ff05::7", 1, "2001:db8::2"));
	SHOW(source_req(fd, MCAST_LEAVE_SOURCE_GROUP, "ff05::7", 1, "2001:db8::3"));
	SHOW(source_req(fd, MCAST_LEAVE_SOURCE_GROUP, "ff05::7", 1, "2001:db8::2"));
	SHOW(source_req(fd, MCAST_LEAVE_SOURCE_GROUP, "ff05::7", 1, "2001:db8::1"));
	SHOW(source_req(fd, MCAST_LEAVE_SOURCE_GROUP, "ff05::7", 1, "2001:db8::1"));
	SHOW(source_req(fd, MCAST_BLOCK_SOURCE, "ff05::7", 1, "2001:db8::1"));
	SHOW(source_req(fd, MCAST_JOIN_SOURCE_GROUP, "ff05::7", 77, "2001:db8::1"));
	SHOW(source_req(fd, MCAST_JOIN_SOURCE_GROUP, "fd00::7", 1, "2001:db8::1"));
	SHOW(source_req(fd, MCAST_JOIN_SOURCE_GROUP, "ff05::7", 1, "10.0.0.1"));
}

static void limit(void)
{
	int fd = MUST(socket(AF_INET6, SOCK_DGRAM, 0)), k;
	char text[32];

	MUST(group_req(fd, MCAST_JOIN_GROUP, "ff05::8", 1));
	for (k = 1; k < 100; k++) {
		snprintf(text, sizeof(text), "2001:db8::%x", k);
		if (source_req(fd, MCAST_BLOCK_SOURCE, "ff05::8", 1, text) < 0)
			break;
	}
	say("source %d: %s", k, error_name(errno));
	close(fd);
}

int main(void)
{
	int fd = MUST(socket(AF_INET6, SOCK_DGRAM, 0));
	int tcp = MUST(socket(AF_INET6, SOCK_STREAM, 0));
	int four_ = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	struct ipv6_mreq m = { six("ff02::77"), 1 };

	for (socklen_t n = 0; n <= sizeof(m); n += 4) {
		say("%u bytes", n);
		SHOW(setsockopt(fd, IPPROTO_IPV6, ADD, &m, n));
	}
	SHOW(mreq6(fd, ADD, "ff02::77", 1));
	SHOW(mreq6(fd, ADD, "ff02::77", 0));
	SHOW(mreq6(fd, ADD, "ff02::78", 99));
	SHOW(mreq6(fd, ADD, "fe80::78", 1));
	SHOW(mreq6(fd, ADD, "::", 1));
	SHOW(mreq6(fd, ADD, "::ffff:239.1.2.3", 1));
	SHOW(mreq6(fd, DROP, "ff02::78", 1));
	SHOW(mreq6(fd, DROP, "fe80::78", 1));
	SHOW(mreq6(fd, DROP, "ff02::77", 99));
	SHOW(mreq6(fd, DROP, "ff02::77", 0));
	SHOW(mreq6(fd, DROP, "ff02::77", 1));
	SHOW(mreq6(fd, ADD, "ff02::1", 1));
	SHOW(mreq6(tcp, ADD, "ff02::77", 1));
	SHOW(setsockopt(tcp, IPPROTO_IPV6, ADD, &m, 4));
	SHOW(mreq6(four_, ADD, "ff02::77", 1));
	SHOW(group_req(fd, MCAST_JOIN_GROUP, "ff05::9", 1));
	SHOW(group_req(fd, MCAST_JOIN_GROUP, "ff05::9", 1));
	SHOW(group_req(fd, MCAST_JOIN_GROUP, "ff05::9", 98));
	SHOW(group_req(fd, MCAST_LEAVE_GROUP, "ff05::9", 98));
	SHOW(group_req(fd, MCAST_LEAVE_GROUP, "ff05::9", 1));
	SHOW(group_req(fd, MCAST_LEAVE_GROUP, "fd05::9", 1));
	SHOW(group_req(tcp, MCAST_JOIN_GROUP, "ff05::9", 1));
	sources(fd);
	limit();
	return 0;
}
