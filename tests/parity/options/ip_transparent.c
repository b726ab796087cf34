/* IP_TRANSPARENT and IP_FREEBIND: binding to a foreign address (as root).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	static const int names[] = { IP_TRANSPARENT, IP_FREEBIND };

	for (int k = 0; k < 2; k++) {
		struct sockaddr_in a = { .sin_family = AF_INET,
			.sin_addr.s_addr = inet_addr("192.0.2.77") };

		for (int j = 0; j < 2; j++) {
			int fd = each_socket(k), one = 1;

			SHOW(bind(fd, (struct sockaddr *)&a, sizeof(a)));
			SHOW(setsockopt(fd, IPPROTO_IP, names[j], &one, 4));
			say_option("now", fd, IPPROTO_IP, names[j]);
			SHOW(bind(fd, (struct sockaddr *)&a, sizeof(a)));
			close(fd);
		}
	}
}
