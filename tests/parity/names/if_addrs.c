/* getifaddrs: lo's entries, with their flags, masks and order.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netpacket/packet.h>

static const char *text(const struct sockaddr *sa)
{
	if (!sa)
		return "none";
	return sa->sa_family == AF_PACKET ? "packet" :
		address_text(sa, sa->sa_family == AF_INET ?
			sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
}

int main(void)
{
	struct ifaddrs *all;

	MUST(getifaddrs(&all));
	for (struct ifaddrs *a = all; a; a = a->ifa_next) {
		if (strcmp(a->ifa_name, "lo") != 0)
			continue;
		say("%s flags %x %s / %s / %s", a->ifa_name, a->ifa_flags,
			text(a->ifa_addr), text(a->ifa_netmask),
			text(a->ifa_broadaddr));
		if (a->ifa_addr && a->ifa_addr->sa_family == AF_PACKET) {
			struct sockaddr_ll *ll = (void *)a->ifa_addr;

			say("  index %d type %d halen %d data %d",
				ll->sll_ifindex, ll->sll_hatype, ll->sll_halen,
				a->ifa_data != NULL);
		}
	}
	freeifaddrs(all);
	return 0;
}
