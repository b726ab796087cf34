/* Sources of groups of IPv4: which calls follow which.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../groups.h"

#define G "239.3.3.3"
#define LO "127.0.0.1"

int main(void)
{
	int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0)), k;
	struct ip_mreq_source m = { .imr_multiaddr = four(G),
		.imr_interface = four(LO), .imr_sourceaddr = four("10.0.0.1") };
	char text[32];

	SHOW(setsockopt(fd, IPPROTO_IP, IP_BLOCK_SOURCE, &m, sizeof(m) - 1));
	SHOW(setsockopt(fd, IPPROTO_IP, IP_BLOCK_SOURCE, &m, sizeof(m) + 1));
	SHOW(mreqs(fd, IP_BLOCK_SOURCE, G, LO, "10.0.0.1"));
	SHOW(mreqs(fd, IP_UNBLOCK_SOURCE, G, LO, "10.0.0.1"));
	SHOW(mreqs(fd, IP_DROP_SOURCE_MEMBERSHIP, G, LO, "10.0.0.1"));
	SHOW(mreqs(fd, IP_ADD_SOURCE_MEMBERSHIP, "10.3.3.3", LO, "10.0.0.1"));
	SHOW(mreqs(fd, IP_ADD_SOURCE_MEMBERSHIP, G, "192.0.2.7", "10.0.0.1"));
	SHOW(mreqs(fd, IP_ADD_SOURCE_MEMBERSHIP, G, LO, "10.0.0.1"));
	SHOW(mreqs(fd, IP_ADD_SOURCE_MEMBERSHIP, G, LO, "10.0.0.1"));
	SHOW(mreqn(fd, IP_ADD_MEMBERSHIP, G, LO, 0));
	SHOW(mreqs(fd, IP_BLOCK_SOURCE, G, LO, "10.0.0.2"));
	for (k = 2; k < 40; k++) {
		snprintf(text, sizeof(text), "10.0.0.%d", k);
		if (mreqs(fd, IP_ADD_SOURCE_MEMBERSHIP, G, LO, text) < 0)
			break;
	}
	say("source %d: %s", k, error_name(errno));
	SHOW(mreqs(fd, IP_DROP_SOURCE_MEMBERSHIP, G, LO, "10.0.0.99"));
	for (k = 1; k <= 10; k++) {
		snprintf(text, sizeof(text), "10.0.0.%d", k);
		SHOW(mreqs(fd, IP_DROP_SOURCE_MEMBERSHIP, G, LO, text));
	}
	SHOW(mreqn(fd, IP_DROP_MEMBERSHIP, G, LO, 0));
	SHOW(mreqn(fd, IP_ADD_MEMBERSHIP, G, LO, 0));
	SHOW(mreqs(fd, IP_UNBLOCK_SOURCE, G, LO, "10.0.0.1"));
	SHOW(mreqs(fd, IP_BLOCK_SOURCE, G, LO, "10.0.0.1"));
	SHOW(mreqs(fd, IP_BLOCK_SOURCE, G, LO, "10.0.0.1"));
	SHOW(mreqs(fd, IP_ADD_SOURCE_MEMBERSHIP, G, LO, "10.0.0.1"));
	SHOW(mreqs(fd, IP_UNBLOCK_SOURCE, G, LO, "10.0.0.1"));
	SHOW(mreqs(fd, IP_ADD_SOURCE_MEMBERSHIP, G, LO, "10.0.0.1"));
	SHOW(mreqn(fd, IP_DROP_MEMBERSHIP, G, LO, 0));
	/* A list that never was may change its sense. */
	SHOW(mreqn(fd, IP_ADD_MEMBERSHIP, G, LO, 0));
	SHOW(mreqs(fd, IP_ADD_SOURCE_MEMBERSHIP, G, LO, "10.0.0.1"));
	SHOW(mreqs(fd, IP_DROP_SOURCE_MEMBERSHIP, G, LO, "10.0.0.1"));
	SHOW(mreqn(fd, IP_DROP_MEMBERSHIP, G, LO, 0));
	SHOW(source_req(fd, MCAST_JOIN_SOURCE_GROUP, G, 1, "10.0.0.1"));
	SHOW(source_req(fd, MCAST_LEAVE_SOURCE_GROUP, G, 1, "10.0.0.1"));
	SHOW(source_req(fd, MCAST_LEAVE_SOURCE_GROUP, G, 1, "10.0.0.1"));
	SHOW(source_req(fd, MCAST_JOIN_SOURCE_GROUP, G, 55, "10.0.0.1"));
	SHOW(source_req(fd, MCAST_JOIN_SOURCE_GROUP, G, 1, "ff02::1"));
	SHOW(source_req(fd, MCAST_BLOCK_SOURCE, G, 1, "10.0.0.1"));
	return 0;
}
