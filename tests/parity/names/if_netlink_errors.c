/* Requests that get an error: unknown ones, and what nothing can be said about.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "netlink_talk.h"

static void nothing(const struct nlmsghdr *n)
{
	say("type %u", n->nlmsg_type);
}

int main(void)
{
	int fd = MUST(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
	struct rtmsg r = { .rtm_family = AF_INET };
	struct ifinfomsg m = { 0 };
	struct talk t;

	talk_ask(fd, &t, RTM_GETLINK, 0, &m, sizeof(m));
	talk_answers(fd, nothing);
	talk_ask(fd, &t, 4000, 0, &m, sizeof(m));
	talk_answers(fd, nothing);
	talk_ask(fd, &t, NLMSG_NOOP, NLM_F_ACK, &m, sizeof(m));
	talk_answers(fd, nothing);
	talk_ask(fd, &t, RTM_GETROUTE, NLM_F_DUMP, &r, sizeof(r));
	r.rtm_family = AF_INET6;
	return 0;
}
