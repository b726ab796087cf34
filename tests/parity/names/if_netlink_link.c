/* RTM_GETLINK: lo in a dump, by number, by name, and one that is not there.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "netlink_talk.h"

#include <net/if.h>

static void show(const struct nlmsghdr *n)
{
	struct ifinfomsg *m = NLMSG_DATA(n);
	int left = (int)IFLA_PAYLOAD(n);

	if (m->ifi_index != 1)
		return;
	say("type %u flags %x: kind %u index %d %x", n->nlmsg_type,
		n->nlmsg_flags & NLM_F_MULTI, m->ifi_type, m->ifi_index,
		m->ifi_flags);
	for (struct rtattr *a = IFLA_RTA(m); RTA_OK(a, left);
		a = RTA_NEXT(a, left)) {
		if (a->rta_type == IFLA_IFNAME)
			say("  name %s", (char *)RTA_DATA(a));
		if (a->rta_type == IFLA_MTU)
			say("  mtu %u", *(uint32_t *)RTA_DATA(a));
		if (a->rta_type == IFLA_OPERSTATE)
			say("  operstate %u", *(uint8_t *)RTA_DATA(a));
		if (a->rta_type == IFLA_ADDRESS)
			say("  address of %d", (int)RTA_PAYLOAD(a));
		if (a->rta_type == IFLA_TXQLEN)
			say("  queue %u", *(uint32_t *)RTA_DATA(a));
	}
}

static void by_name(int fd, const char *name)
{
	struct {
		struct ifinfomsg m;
		struct rtattr a;
		char name[IFNAMSIZ];
	} q = { .a = { RTA_LENGTH(strlen(name) + 1), IFLA_IFNAME } };
	struct talk t;

	strcpy(q.name, name);
	talk_ask(fd, &t, RTM_GETLINK, 0, &q,
		sizeof(q.m) + RTA_LENGTH(strlen(name) + 1));
	talk_answers(fd, show);
}

int main(void)
{
	int fd = MUST(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
	struct ifinfomsg m = { 0 };
	struct talk t;

	talk_ask(fd, &t, RTM_GETLINK, NLM_F_DUMP, &m, sizeof(m));
	talk_answers(fd, show);
	m.ifi_index = 1;
	talk_ask(fd, &t, RTM_GETLINK, 0, &m, sizeof(m));
	talk_answers(fd, show);
	talk_ask(fd, &t, RTM_GETLINK, NLM_F_ACK, &m, sizeof(m));
	talk_answers(fd, show);
	talk_answers(fd, show);
	m.ifi_index = 4711;
	talk_ask(fd, &t, RTM_GETLINK, 0, &m, sizeof(m));
	talk_answers(fd, show);
	by_name(fd, "lo");
	by_name(fd, "nosuch0");
	return 0;
}
