/* Joining and leaving groups of IPv4: each way to do it wrong.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../groups.h"

#define ADD IP_ADD_MEMBERSHIP
#define DROP IP_DROP_MEMBERSHIP

static void lengths(int fd, int name)
{
	struct ip_mreqn m = { four("239.1.2.3"), four("127.0.0.1"), 0 };

	for (socklen_t n = 0; n <= sizeof(m); n += 4) {
		say("name %d, %u bytes", name, n);
		SHOW(setsockopt(fd, IPPROTO_IP, name, &m, n));
		SHOW(setsockopt(fd, IPPROTO_IP, DROP, &m, sizeof(m)));
	}
}

static void limit(void)
{
	int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0)), k;
	char text[32];

	for (k = 1; k < 100; k++) {
		snprintf(text, sizeof(text), "239.1.1.%d", k);
		if (mreqn(fd, ADD, text, "127.0.0.1", 0) < 0)
			break;
	}
	say("the %dth: %s", k, error_name(errno));
	SHOW(mreqn(fd, ADD, "239.1.1.1", "127.0.0.1", 0));
	SHOW(mreqn(fd, DROP, "239.1.1.7", "127.0.0.1", 0));
	SHOW(mreqn(fd, ADD, "239.1.2.1", "127.0.0.1", 0));
	SHOW(mreqn(fd, ADD, "239.1.2.2", "127.0.0.1", 0));
	close(fd);
}

static void shapes(int fd)
{
	SHOW(group_req(fd, MCAST_JOIN_GROUP, "239.9.9.9", 1));
	SHOW(group_req(fd, MCAST_JOIN_GROUP, "239.9.9.9", 1));
	SHOW(group_req(fd, MCAST_JOIN_GROUP, "239.9.9.9", 77));
	SHOW(group_req(fd, MCAST_JOIN_GROUP, "10.9.9.9", 1));
	SHOW(group_req(fd, MCAST_LEAVE_GROUP, "239.9.9.9", 77));
	SHOW(group_req(fd, MCAST_LEAVE_GROUP, "239.9.9.9", 0));
	SHOW(group_req(fd, MCAST_LEAVE_GROUP, "239.9.9.9", 1));
	SHOW(group_req(fd, MCAST_LEAVE_GROUP, "239.9.9.9", 1));
	struct group_req g = { .gr_interface = 1, .gr_group = stored("ff02::7") };
	SHOW(setsockopt(fd, IPPROTO_IP, MCAST_JOIN_GROUP, &g, sizeof(g)));
	SHOW(setsockopt(fd, IPPROTO_IP, MCAST_JOIN_GROUP, &g, sizeof(g) - 1));
	SHOW(setsockopt(fd, IPPROTO_IPV6, MCAST_JOIN_GROUP, &g, sizeof(g)));
}

int main(void)
{
	int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	int tcp = MUST(socket(AF_INET, SOCK_STREAM, 0));
	int dual = MUST(socket(AF_INET6, SOCK_DGRAM, 0));
	char b[32];
	socklen_t n = sizeof(b);

	lengths(fd, ADD);
	SHOW(mreqn(fd, ADD, "10.0.0.1", "127.0.0.1", 0));
	SHOW(mreqn(fd, ADD, "0.0.0.0", "127.0.0.1", 0));
	SHOW(mreqn(fd, ADD, "255.255.255.255", "127.0.0.1", 0));
	SHOW(mreqn(fd, ADD, "239.1.2.3", "0.0.0.0", 0));
	SHOW(mreqn(fd, ADD, "239.1.2.3", "192.0.2.77", 0));
	SHOW(mreqn(fd, ADD, "239.1.2.3", "0.0.0.0", 99));
	SHOW(mreqn(fd, ADD, "239.1.2.3", "0.0.0.0", -1));
	SHOW(mreqn(fd, ADD, "239.1.2.3", "192.0.2.77", 1));
	SHOW(mreqn(fd, ADD, "239.1.2.3", "127.0.0.1", 0));
	SHOW(mreqn(fd, DROP, "239.1.2.4", "127.0.0.1", 0));
	SHOW(mreqn(fd, DROP, "10.1.2.4", "127.0.0.1", 0));
	SHOW(mreqn(fd, DROP, "239.1.2.3", "0.0.0.0", 0));
	SHOW(mreqn(fd, DROP, "239.1.2.3", "192.0.2.77", 0));
	SHOW(mreqn(fd, DROP, "239.1.2.3", "0.0.0.0", 99));
	SHOW(mreqn(fd, DROP, "239.1.2.3", "0.0.0.0", 1));
	SHOW(mreqn(fd, DROP, "239.1.2.3", "0.0.0.0", 1));
	SHOW(mreqn(fd, ADD, "224.0.0.1", "127.0.0.1", 0));
	SHOW(mreqn(fd, DROP, "224.0.0.1", "127.0.0.1", 0));
	SHOW(getsockopt(fd, IPPROTO_IP, ADD, b, &n));
	SHOW(mreqn(tcp, ADD, "239.1.2.3", "127.0.0.1", 0));
	SHOW(mreqn(tcp, DROP, "239.1.2.3", "127.0.0.1", 0));
	SHOW(group_req(tcp, MCAST_JOIN_GROUP, "239.9.9.9", 1));
	SHOW(group_req(tcp, MCAST_LEAVE_GROUP, "239.9.9.9", 1));
	SHOW(mreqn(dual, ADD, "239.1.2.3", "127.0.0.1", 0));
	SHOW(mreqn(dual, ADD, "239.1.2.3", "127.0.0.1", 0));
	shapes(fd);
	limit();
	return 0;
}
