/* The SIOCGIF questions about lo, on sockets of each family.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#include <net/if.h>
#include <net/if_arp.h>

static struct ifreq named(const char *name)
{
	struct ifreq q = { 0 };

	strcpy(q.ifr_name, name);
	return q;
}

static void address(int fd, const char *what, unsigned long request)
{
	struct ifreq q = named("lo");

	if (say_result(what, ioctl(fd, request, &q)) == 0)
		say("  %s", address_text(&q.ifr_addr, sizeof(q.ifr_addr)));
}

static void ask(int fd)
{
	struct ifreq q = named("lo");

	address(fd, "SIOCGIFADDR", SIOCGIFADDR);
	address(fd, "SIOCGIFNETMASK", SIOCGIFNETMASK);
	address(fd, "SIOCGIFBRDADDR", SIOCGIFBRDADDR);
	address(fd, "SIOCGIFDSTADDR", SIOCGIFDSTADDR);
	if (SHOW(ioctl(fd, SIOCGIFFLAGS, &q)) == 0)
		say("  flags %x", (unsigned short)q.ifr_flags);
	q = named("lo");
	if (SHOW(ioctl(fd, SIOCGIFMTU, &q)) == 0)
		say("  mtu %d", q.ifr_mtu);
	if (SHOW(ioctl(fd, SIOCGIFINDEX, &q)) == 0)
		say("  index %d", q.ifr_ifindex);
	if (SHOW(ioctl(fd, SIOCGIFMETRIC, &q)) == 0)
		say("  metric %d", q.ifr_metric);
	if (SHOW(ioctl(fd, SIOCGIFTXQLEN, &q)) == 0)
		say("  queue %d", q.ifr_qlen);
	if (SHOW(ioctl(fd, SIOCGIFHWADDR, &q)) == 0)
		say("  type %d, %d", q.ifr_hwaddr.sa_family == ARPHRD_LOOPBACK,
			q.ifr_hwaddr.sa_data[0]);
	memset(&q, 0, sizeof(q));
	q.ifr_ifindex = 1;
	if (SHOW(ioctl(fd, SIOCGIFNAME, &q)) == 0)
		say("  name %s", q.ifr_name);
}

int main(void)
{
	static const int families[] = { AF_INET, AF_INET6, AF_UNIX };

	for (unsigned k = 0; k < 3; k++) {
		say("family %u", k);
		ask(MUST(socket(families[k], SOCK_DGRAM, 0)));
		say("stream of family %u", k);
		ask(MUST(socket(families[k], SOCK_STREAM, 0)));
	}
	return 0;
}
