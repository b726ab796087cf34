/* Interface ioctls that fail: no such interface, no such question, not a socket.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#include <linux/sockios.h>
#include <net/if.h>

int main(void)
{
	int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0)), p[2];
	struct ifreq q = { 0 };

	strcpy(q.ifr_name, "nosuch0");
	SHOW(ioctl(fd, SIOCGIFADDR, &q));
	SHOW(ioctl(fd, SIOCGIFFLAGS, &q));
	SHOW(ioctl(fd, SIOCGIFINDEX, &q));
	SHOW(ioctl(fd, SIOCGIFMTU, &q));
	SHOW(ioctl(fd, SIOCGIFHWADDR, &q));
	SHOW(ioctl(fd, SIOCGIFTXQLEN, &q));
	memset(&q, 0, sizeof(q));
	SHOW(ioctl(fd, SIOCGIFINDEX, &q));
	q.ifr_ifindex = 4711;
	SHOW(ioctl(fd, SIOCGIFNAME, &q));
	q.ifr_ifindex = 0;
	SHOW(ioctl(fd, SIOCGIFNAME, &q));
	strcpy(q.ifr_name, "lo:1");
	SHOW(ioctl(fd, SIOCGIFADDR, &q));
	SHOW(ioctl(fd, SIOCGIFINDEX, &q));
	MUST(pipe(p));
	strcpy(q.ifr_name, "lo");
	SHOW(ioctl(p[0], SIOCGIFINDEX, &q));
	SHOW(ioctl(-1, SIOCGIFINDEX, &q));
	SHOW(ioctl(4711, SIOCGIFINDEX, &q));
	return 0;
}
