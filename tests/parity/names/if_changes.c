/* Changes that change nothing: an interface is set up that is up, an address is added
 * that is there. And what is not there. Needs root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "netlink_talk.h"

#include <net/if.h>

static void nothing(const struct nlmsghdr *n)
{
	say("type %u", n->nlmsg_type);
}

static void by_ioctl(void)
{
	int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	struct ifreq q = { .ifr_name = "lo" };

	MUST(ioctl(fd, SIOCGIFFLAGS, &q));
	SHOW(ioctl(fd, SIOCSIFFLAGS, &q));
	MUST(ioctl(fd, SIOCGIFMTU, &q));
	SHOW(ioctl(fd, SIOCSIFMTU, &q));
	MUST(ioctl(fd, SIOCGIFTXQLEN, &q));
	SHOW(ioctl(fd, SIOCSIFTXQLEN, &q));
	SHOW(ioctl(fd, SIOCSIFFLAGS, NULL));
	strcpy(q.ifr_name, "nosuch0");
	q.ifr_flags = IFF_UP;
	SHOW(ioctl(fd, SIOCSIFFLAGS, &q));
	SHOW(ioctl(fd, SIOCSIFMTU, &q));
	close(fd);
}

static void link_by_number(int fd, struct talk *t, int index, unsigned flags,
	unsigned change)
{
	struct ifinfomsg m = { .ifi_index = index, .ifi_flags = flags,
		.ifi_change = change };

	say("link %d flags %x of %x", index, flags, change);
	talk_ask(fd, t, RTM_NEWLINK, NLM_F_ACK, &m, sizeof(m));
	talk_answers(fd, nothing);
}

static void address(int fd, const char *text, int bits, int flags)
{
	struct {
		struct nlmsghdr n;
		struct ifaddrmsg m;
		struct rtattr a;
		uint8_t b[4];
	} q = { .n = { .nlmsg_len = sizeof(q), .nlmsg_type = RTM_NEWADDR,
			.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags),
			.nlmsg_seq = 7 },
		.m = { .ifa_family = AF_INET, .ifa_prefixlen = (uint8_t)bits,
			.ifa_index = 1 },
		.a = { .rta_len = sizeof(q.a) + 4, .rta_type = IFA_LOCAL } };

	MUST(inet_pton(AF_INET, text, q.b));
	MUST(send(fd, &q, sizeof(q), 0));
	talk_answers(fd, nothing);
}

int main(void)
{
	int fd = MUST(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
	struct talk t;

	by_ioctl();
	link_by_number(fd, &t, 1, IFF_UP, IFF_UP);
	link_by_number(fd, &t, 1, 0, 0);
	link_by_number(fd, &t, 4711, IFF_UP, IFF_UP);
	say("an address that is there");
	address(fd, "127.0.0.1", 8, NLM_F_CREATE | NLM_F_EXCL);
	address(fd, "127.0.0.1", 8, 0);
	address(fd, "127.0.0.1", 8, NLM_F_CREATE | NLM_F_REPLACE);
	return 0;
}
