/* Who hears what is sent to a group of IPv4, within one host.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../groups.h"

#define G "239.5.5.5"
#define H "239.5.5.6"

static int bound(const char *text, int *port)
{
	struct place p = place_of(text, *port);
	int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0)), one = 1;

	MUST(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)));
	MUST(bind(fd, &p.any, p.length));
	p = own_place(fd);
	*port = place_port(&p);
	return fd;
}

int main(void)
{
	int port = 0, zero = 0, s = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	int member = bound("0.0.0.0", &port), other = bound("0.0.0.0", &port);
	int group = bound(G, &port), exact = bound("127.0.0.1", &port);
	int shy = bound("0.0.0.0", &port);

	SHOW(to_group(s, G, port, "no way"));
	by_loopback(s);
	MUST(setsockopt(shy, IPPROTO_IP, IP_MULTICAST_ALL, &zero, sizeof(zero)));
	SHOW(to_group(s, G, port, "nobody joined"));
	say_all("member", member);
	MUST(mreqn(member, IP_ADD_MEMBERSHIP, G, "127.0.0.1", 0));
	SHOW(to_group(s, G, port, "one joined"));
	SHOW(to_group(s, H, port, "another group"));
	say_all("member", member);
	say_all("other", other);
	say_all("bound to it", group);
	say_all("bound to 127.0.0.1", exact);
	say_all("without ALL", shy);
	MUST(mreqn(shy, IP_ADD_MEMBERSHIP, H, "127.0.0.1", 0));
	SHOW(to_group(s, G, port, "first"));
	SHOW(to_group(s, H, port, "second"));
	say_all("member", member);
	say_all("other", other);
	say_all("bound to it", group);
	say_all("without ALL", shy);
	MUST(setsockopt(s, IPPROTO_IP, IP_MULTICAST_LOOP, &zero, sizeof(zero)));
	SHOW(to_group(s, G, port, "no loop, but on lo"));
	say_all("member", member);
	MUST(setsockopt(s, IPPROTO_IP, IP_MULTICAST_TTL, &zero, sizeof(zero)));
	SHOW(to_group(s, G, port, "ttl 0"));
	say_all("member", member);
	MUST(mreqn(member, IP_DROP_MEMBERSHIP, G, "127.0.0.1", 0));
	SHOW(to_group(s, G, port, "left"));
	say_all("member", member);
	say_all("other", other);
	SHOW(close(shy));
	SHOW(to_group(s, H, port, "closed"));
	say_all("other", other);
	SHOW(to_group(s, "224.0.0.1", port, "all"));
	say_all("member", member);
	say_all("bound to 127.0.0.1", exact);
	return 0;
}
