/* TCP_CONGESTION: names and lengths.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	int fd = each_socket(0);
	char name[32] = "reno";

	SHOW(setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "reno", 4));
	for (socklen_t n = 0; n < 24; n += 4)
		each_get("reno", fd, IPPROTO_TCP, TCP_CONGESTION, n);
	SHOW(setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "no-such", 7));
	SHOW(setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "reno", 0));
	SHOW(setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "ren", 3));
	SHOW(setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "cubic", 6));
	for (socklen_t n = 0; n < 40; n += 4)
		each_get("cubic's own", fd, IPPROTO_TCP, TCP_CC_INFO, n);
	SHOW(setsockopt(fd, IPPROTO_TCP, TCP_CC_INFO, name, 4));
	SHOW(setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "bbr", 4));
	each_get("bbr", fd, IPPROTO_TCP, TCP_CONGESTION, 16);
	SHOW(setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, sizeof(name)));
	each_get("reno", fd, IPPROTO_TCP, TCP_CONGESTION, 16);
}
