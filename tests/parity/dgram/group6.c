/* Who hears what is sent to a group of IPv6, within one host.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../groups.h"

#define G "ff05::55"
#define H "ff05::56"

static int bound(const char *text, int *port)
{
	struct place p = place_of(text, *port);
	int fd = MUST(socket(AF_INET6, SOCK_DGRAM, 0)), one = 1;

	MUST(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)));
	MUST(bind(fd, &p.any, p.length));
	p = own_place(fd);
	*port = place_port(&p);
	return fd;
}

int main(void)
{
	int port = 0, zero = 0, s = MUST(socket(AF_INET6, SOCK_DGRAM, 0));
	int member = bound("::", &port), other = bound("::", &port);
	int shy = bound("::", &port), four_ = MUST(socket(AF_INET, SOCK_DGRAM, 0));

	by_loopback(s);
	by_loopback(four_);
	MUST(setsockopt(shy, IPPROTO_IPV6, 29, &zero, sizeof(zero)));
	SHOW(to_group(s, G, port, "nobody joined"));
	say_all("member", member);
	MUST(mreq6(member, IPV6_ADD_MEMBERSHIP, G, 1));
	SHOW(to_group(s, G, port, "one joined"));
	SHOW(to_group(s, H, port, "another group"));
	say_all("member", member);
	say_all("other", other);
	say_all("without ALL", shy);
	MUST(group_req(shy, MCAST_JOIN_GROUP, H, 1));
	SHOW(source_req(shy, MCAST_BLOCK_SOURCE, H, 1, "::1"));
	SHOW(to_group(s, H, port, "blocked"));
	say_all("member", member);
	say_all("without ALL", shy);
	SHOW(source_req(shy, MCAST_UNBLOCK_SOURCE, H, 1, "::1"));
	SHOW(to_group(s, H, port, "not blocked"));
	say_all("member", member);
	say_all("without ALL", shy);
	MUST(mreqn(member, IP_ADD_MEMBERSHIP, "239.7.7.7", "127.0.0.1", 0));
	SHOW(to_group(four_, "239.7.7.7", port, "of IPv4"));
	say_all("member", member);
	say_all("other", other);
	MUST(setsockopt(s, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, &zero, sizeof(zero)));
	SHOW(to_group(s, G, port, "no loop"));
	say_all("member", member);
	SHOW(mreq6(member, IPV6_DROP_MEMBERSHIP, G, 0));
	SHOW(to_group(s, G, port, "left"));
	say_all("other", other);
	return 0;
}
