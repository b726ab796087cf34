/* Extension headers and flow labels: what a socket that sends none says.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

#define IPV6_FLOWLABEL_MGR 32

/* None at all, and what is shorter than any. */
static void short_ones(int name, const char *label)
{
	for (int k = 2; k < N(each_kinds); k++) {
		int fd = each_socket(k), zero = 0;
		char what[64];

		snprintf(what, sizeof(what), "%s %s", each_kinds[k].name, label);
		each_get(what, fd, IPPROTO_IPV6, name, 64);
		for (socklen_t n = 0; n < 5; n++)
			say("%s: set with %u bytes: %s", what, n,
				setsockopt(fd, IPPROTO_IPV6, name, &zero, n) < 0 ?
				error_name(errno) : "0");
		close(fd);
	}
}

int main(void)
{
	short_ones(IPV6_HOPOPTS, "IPV6_HOPOPTS");
	short_ones(IPV6_RTHDRDSTOPTS, "IPV6_RTHDRDSTOPTS");
	short_ones(IPV6_RTHDR, "IPV6_RTHDR");
	short_ones(IPV6_DSTOPTS, "IPV6_DSTOPTS");
	short_ones(IPV6_2292PKTOPTIONS, "IPV6_2292PKTOPTIONS");
	EACH(V6S, IPPROTO_IPV6, IPV6_FLOWLABEL_MGR, 0);
	EACH(V6S, IPPROTO_IPV6, IPV6_JOIN_ANYCAST, 0);
	EACH(V6S, IPPROTO_IPV6, IPV6_LEAVE_ANYCAST, 0);
}
