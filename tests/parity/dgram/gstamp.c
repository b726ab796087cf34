/* SIOCGSTAMP before and after datagrams.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

#include <linux/sockios.h>

int main(void)
{
	struct timeval tv;
	struct timespec ts;
	int fd[2];
	char c;

	dgram_pair(AF_INET, fd);
	SHOW_AS("nothing came", ioctl(fd[1], SIOCGSTAMP, &tv));
	MUST(send(fd[0], "x", 1, 0));
	MUST(recv(fd[1], &c, 1, 0));
	SHOW_AS("SIOCGSTAMP", ioctl(fd[1], SIOCGSTAMP, &tv));
	SHOW_AS("SIOCGSTAMPNS", ioctl(fd[1], SIOCGSTAMPNS, &ts));
	say("%d", tv.tv_sec == ts.tv_sec && tv.tv_usec == ts.tv_nsec / 1000);
	return 0;
}
