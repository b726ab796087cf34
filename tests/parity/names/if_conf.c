/* SIOCGIFCONF: with room, with too little, without any, and only the length.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#include <net/if.h>

int main(void)
{
	int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	int other = MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
	struct ifreq q[8];
	struct ifconf c = { .ifc_len = sizeof(q), .ifc_req = q };

	SHOW(ioctl(fd, SIOCGIFCONF, &c));
	say("%d, %s %s", c.ifc_len == sizeof(q[0]), q[0].ifr_name,
		address_text(&q[0].ifr_addr, sizeof(q[0].ifr_addr)));
	c.ifc_len = sizeof(q[0]) - 1;
	SHOW(ioctl(fd, SIOCGIFCONF, &c));
	say("%d", c.ifc_len);
	c.ifc_len = 0;
	SHOW(ioctl(fd, SIOCGIFCONF, &c));
	say("%d", c.ifc_len);
	c = (struct ifconf){ .ifc_len = 0 };
	SHOW(ioctl(fd, SIOCGIFCONF, &c));
	say("%d", c.ifc_len == sizeof(q[0]));
	c = (struct ifconf){ .ifc_len = sizeof(q), .ifc_req = q };
	SHOW(ioctl(other, SIOCGIFCONF, &c));
	say("%d", c.ifc_len == sizeof(q[0]));
	return 0;
}
