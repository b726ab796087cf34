/* The route to one address, asked for by netlink: what is said of it, and in which
 * order; and that the end of a list comes apart from the list.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "netlink_talk.h"

struct request {
	struct rtmsg m;
	struct rtattr a;
	uint8_t to[16];
};

static void route(const struct nlmsghdr *n)
{
	const struct rtmsg *m = NLMSG_DATA(n);
	int left = (int)(n->nlmsg_len - NLMSG_LENGTH(sizeof(*m)));

	say("  family %d, to /%d, table %d, type %d, scope %d, flags %#x", m->rtm_family,
		m->rtm_dst_len, m->rtm_table, m->rtm_type, m->rtm_scope, m->rtm_flags);
	/* IPv6 says more, of metrics, and in an order of its own. */
	for (const struct rtattr *a = RTM_RTA(m); RTA_OK(a, left); a = RTA_NEXT(a, left))
		if (m->rtm_family == AF_INET || a->rta_type == RTA_OIF)
			say("  %d: %s", a->rta_type, a->rta_type == RTA_CACHEINFO ||
				a->rta_type == RTA_UID ? "is there" :
				bytes_text(RTA_DATA(a), RTA_PAYLOAD(a)));
}

static void ask(int fd, int family, const char *text)
{
	size_t size = family == AF_INET ? 4 : 16;
	struct request q = { { .rtm_family = (uint8_t)family,
			.rtm_dst_len = (uint8_t)(8 * size) },
		{ (uint16_t)RTA_LENGTH(size), RTA_DST }, { 0 } };
	struct talk t;

	say("%s", text);
	inet_pton(family, text, q.to);
	talk_ask(fd, &t, RTM_GETROUTE, 0, &q, offsetof(struct request, to) + size);
	talk_answers(fd, route);
}

/* Into how many datagrams an answer comes, and whether the last is the end alone. */
static void pieces(int fd, const char *what, int type, int family)
{
	static char buf[65536] __attribute__((aligned(8)));
	struct rtgenmsg g = { (uint8_t)family };
	const struct nlmsghdr *n = (void *)buf;
	struct talk t;

	talk_ask(fd, &t, type, NLM_F_DUMP, &g, sizeof(g));
	do {
		long left = MUST(recv(fd, buf, sizeof(buf), 0));

		n = (void *)buf;
		say("%s: begins with %s", what,
			n->nlmsg_type == NLMSG_DONE ? "the end" : "the list");
		while (NLMSG_OK(n, left) && n->nlmsg_type != NLMSG_DONE)
			n = NLMSG_NEXT(n, left);
		if (!NLMSG_OK(n, left))
			n = NULL;
	} while (!n);
}

int main(void)
{
	int fd = MUST(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));

	ask(fd, AF_INET, "127.0.0.1");
	ask(fd, AF_INET, "127.5.5.5");
	ask(fd, AF_INET6, "::1");
	ask(fd, AF_INET, "192.0.2.9");
	pieces(fd, "links", RTM_GETLINK, AF_UNSPEC);
	pieces(fd, "addresses", RTM_GETADDR, AF_UNSPEC);
	pieces(fd, "addresses of IPv4", RTM_GETADDR, AF_INET);
	pieces(fd, "addresses of IPv6", RTM_GETADDR, AF_INET6);
	pieces(fd, "neighbours", RTM_GETNEIGH, AF_INET);
	pieces(fd, "rules", RTM_GETRULE, AF_INET);
	return 0;
}
