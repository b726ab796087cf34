/* RTM_GETADDR dumps: both families, each, and one that is not there.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "netlink_talk.h"

static void show(const struct nlmsghdr *n)
{
	struct ifaddrmsg *m = NLMSG_DATA(n);
	int left = (int)IFA_PAYLOAD(n);

	if (m->ifa_index != 1)
		return;
	say("family %u /%u scope %u flags %x", m->ifa_family, m->ifa_prefixlen,
		m->ifa_scope, m->ifa_flags);
	for (struct rtattr *a = IFA_RTA(m); RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		char text[INET6_ADDRSTRLEN];

		if (a->rta_type == IFA_ADDRESS || a->rta_type == IFA_LOCAL ||
			a->rta_type == IFA_BROADCAST)
			say("  %u: %s", a->rta_type, inet_ntop(m->ifa_family,
				RTA_DATA(a), text, sizeof(text)));
		if (a->rta_type == IFA_LABEL)
			say("  label %s", (char *)RTA_DATA(a));
		if (a->rta_type == IFA_FLAGS)
			say("  flags %x", *(uint32_t *)RTA_DATA(a));
	}
}

int main(void)
{
	int fd = MUST(socket(AF_NETLINK, SOCK_DGRAM, NETLINK_ROUTE));
	static const uint8_t families[] = { AF_UNSPEC, AF_INET, AF_INET6 };
	struct ifaddrmsg m = { 0 };
	struct talk t;

	for (unsigned k = 0; k < 3; k++) {
		say("asked for %u", k);
		m.ifa_family = families[k];
		talk_ask(fd, &t, RTM_GETADDR, NLM_F_DUMP, &m, sizeof(m));
		talk_answers(fd, show);
	}
	return 0;
}
