/* What /proc/net says of groups: igmp, igmp6, mcfilter, mcfilter6, dev_mcast.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "groups.h"

static void show(const char *name)
{
	char path[64], text[256];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/net/%s", name);
	f = fopen(path, "r");
	if (!f)
		broken("%s: %s", path, error_name(errno));
	say("%s:", name);
	while (fgets(text, sizeof(text), f)) {
		text[strcspn(text, "\n")] = 0;
		say("%s", text);
	}
	fclose(f);
}

static void show_all(const char *when)
{
	say("%s", when);
	show("igmp");
	show("igmp6");
	show("mcfilter");
	show("mcfilter6");
	show("dev_mcast");
}

int main(void)
{
	struct ip_mreq m = { four("239.1.2.3"), four("127.0.0.1") };
	struct ip_mreq other = { four("239.1.2.4"), four("127.0.0.1") };
	struct ip_mreq_source ms = { four("239.1.2.5"), four("127.0.0.1"),
		four("10.9.9.9") };
	struct ipv6_mreq m6 = { six("ff05::77"), 1 };
	int a = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	int b = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	int c = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	int d = MUST(socket(AF_INET6, SOCK_DGRAM, 0));

	show_all("nobody has joined any");
	MUST(setsockopt(a, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)));
	MUST(setsockopt(b, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)));
	MUST(setsockopt(c, IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, &ms, sizeof(ms)));
	MUST(setsockopt(d, IPPROTO_IPV6, IPV6_JOIN_GROUP, &m6, sizeof(m6)));
	show_all("joined");
	MUST(setsockopt(b, IPPROTO_IP, IP_DROP_MEMBERSHIP, &m, sizeof(m)));
	MUST(setsockopt(b, IPPROTO_IP, IP_ADD_MEMBERSHIP, &other, sizeof(other)));
	/* Of the newest: where that has no sources, Linux shows none of the others'. */
	ms.imr_multiaddr = other.imr_multiaddr;
	MUST(setsockopt(b, IPPROTO_IP, IP_BLOCK_SOURCE, &ms, sizeof(ms)));
	close(c);
	show_all("some have left");
	return 0;
}
