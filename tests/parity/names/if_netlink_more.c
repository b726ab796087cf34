/* What else `ip` asks for by netlink: groups, settings of interfaces, neighbours' tables,
 * labels of addresses: each message with its attributes.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "netlink_talk.h"

#include <linux/if_addr.h>
#include <linux/if_addrlabel.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netconf.h>

static size_t fixed;
/* Attributes that change from run to run, those that are not looked at, and one that
 * has others in it; as "|7|9|". */
static const char *blurred = "", *hidden = "", *nest = "";

static void show_attributes(const struct rtattr *a, int left, const char *blank,
	bool inner)
{
	for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		char number[16], hex[81] = "";

		snprintf(number, sizeof(number), "|%u|", a->rta_type);
		if (!inner && strstr(hidden, number))
			continue;
		if (!inner && strstr(nest, number)) {
			say("%s%u:", blank, a->rta_type);
			show_attributes(RTA_DATA(a), (int)RTA_PAYLOAD(a), "    ", true);
			continue;
		}
		for (size_t k = 0; k < RTA_PAYLOAD(a) && k < 40; k++)
			sprintf(hex + 2 * k, "%02x", ((uint8_t *)RTA_DATA(a))[k]);
		say("%s%u (%zu): %s", blank, a->rta_type, RTA_PAYLOAD(a),
			strstr(blurred, number) ? "..." : hex);
	}
}

static void show(const struct nlmsghdr *n)
{
	const uint8_t *body = NLMSG_DATA(n);
	const struct rtattr *a = (const void *)(body + NLMSG_ALIGN(fixed));
	int left = (int)(n->nlmsg_len - NLMSG_SPACE(fixed));
	char hex[2 * 64 + 1] = "";

	for (size_t k = 0; k < fixed && k < 64; k++)
		sprintf(hex + 2 * k, "%02x", body[k]);
	say("type %u flags %x: %s", n->nlmsg_type, n->nlmsg_flags, hex);
	show_attributes(a, left, "  ", false);
}

static void ask(const char *what, int type, int flags, const void *m, size_t size,
	size_t answers)
{
	int fd = MUST(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
	struct talk t;

	say("-- %s", what);
	fixed = answers;
	talk_ask(fd, &t, type, flags, m, size);
	talk_answers(fd, show);
	close(fd);
}

static void interfaces(void)
{
	struct ifinfomsg four = { .ifi_family = AF_INET }, any = { 0 };
	struct ifinfomsg six = { .ifi_family = AF_INET6 };
	struct rtgenmsg none = { 0 };

	blurred = "|6|"; /* since when */
	ask("groups of IPv4", RTM_GETMULTICAST, NLM_F_DUMP, &four, sizeof(four),
		sizeof(struct ifaddrmsg));
	ask("groups of IPv6", RTM_GETMULTICAST, NLM_F_DUMP, &six, sizeof(six),
		sizeof(struct ifaddrmsg));
	ask("groups of any", RTM_GETMULTICAST, NLM_F_DUMP, &any, sizeof(any),
		sizeof(struct ifaddrmsg));
	ask("anycast of IPv6", RTM_GETANYCAST, NLM_F_DUMP, &six, sizeof(six),
		sizeof(struct ifaddrmsg));
	blurred = "";
	ask("settings of IPv4", RTM_GETNETCONF, NLM_F_DUMP, &four, sizeof(struct netconfmsg),
		sizeof(struct netconfmsg));
	ask("settings of IPv6", RTM_GETNETCONF, NLM_F_DUMP, &six, sizeof(struct netconfmsg),
		sizeof(struct netconfmsg));
	ask("settings of any", RTM_GETNETCONF, NLM_F_DUMP, &any, sizeof(struct netconfmsg),
		sizeof(struct netconfmsg));
	blurred = "|3|"; /* drawn at random */
	hidden = "|3|5|7|"; /* one threshold; what was counted */
	nest = "|6|";
	ask("neighbours' tables", RTM_GETNEIGHTBL, NLM_F_DUMP, &none, sizeof(none),
		sizeof(struct ndtmsg));
	blurred = hidden = nest = "";
}

static void others(void)
{
	struct ifinfomsg four = { .ifi_family = AF_INET }, any = { 0 };
	struct ifinfomsg six = { .ifi_family = AF_INET6 };
	struct ifinfomsg eleven = { .ifi_family = 11 }, bridge = { .ifi_family = AF_BRIDGE };
	struct rtgenmsg none = { 0 };

	ask("labels", RTM_GETADDRLABEL, NLM_F_DUMP, &six, sizeof(struct ifaddrlblmsg),
		sizeof(struct ifaddrlblmsg));
	ask("labels of IPv4", RTM_GETADDRLABEL, NLM_F_DUMP, &four,
		sizeof(struct ifaddrlblmsg), sizeof(struct ifaddrlblmsg));
	ask("labels of any", RTM_GETADDRLABEL, NLM_F_DUMP, &any,
		sizeof(struct ifaddrlblmsg), sizeof(struct ifaddrlblmsg));
	ask("queues", RTM_GETQDISC, NLM_F_DUMP, &any, sizeof(struct tcmsg),
		sizeof(struct tcmsg));
	ask("classes", RTM_GETTCLASS, NLM_F_DUMP, &any, sizeof(struct tcmsg),
		sizeof(struct tcmsg));
	ask("filters", RTM_GETTFILTER, NLM_F_DUMP, &any, sizeof(struct tcmsg),
		sizeof(struct tcmsg));
	ask("next hops", RTM_GETNEXTHOP, NLM_F_DUMP, &any, 8,
		sizeof(any));
	ask("namespaces", RTM_GETNSID, NLM_F_DUMP, &none, sizeof(none), sizeof(none));
	ask("neighbours", RTM_GETNEIGH, NLM_F_DUMP, &any, sizeof(struct ndmsg),
		sizeof(struct ndmsg));
	ask("bridges", RTM_GETLINK, NLM_F_DUMP, &bridge, sizeof(any), sizeof(any));
	ask("bridges' entries", RTM_GETNEIGH, NLM_F_DUMP, &bridge, sizeof(struct ndmsg),
		sizeof(struct ndmsg));
	ask("nothing there is", 200, NLM_F_DUMP, &eleven, sizeof(any), sizeof(any));
}

int main(void)
{
	interfaces();
	others();
}
