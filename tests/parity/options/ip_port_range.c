/* IP_LOCAL_PORT_RANGE: its two halves, and its effect.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	static const unsigned values[] = { 0, 40000, 40000 | 40003u << 16, 1u << 16,
		40003 | 40000u << 16, 65535u << 16 | 65535, 5u << 16 | 5 };

	for (int k = 0; k < 4; k++) {
		for (int j = 0; j < N(values); j++) {
			int fd = each_socket(k);

			SHOW(setsockopt(fd, IPPROTO_IP, 51, &values[j], 4));
			each_get("range", fd, IPPROTO_IP, 51, 4);
			each_get("range", fd, IPPROTO_IP, 51, 3);
			each_get("range", fd, IPPROTO_IP, 51, 8);
			SHOW(setsockopt(fd, IPPROTO_IP, 51, &values[j], 3));
			SHOW(setsockopt(fd, IPPROTO_IP, 51, &values[j], 5));
			close(fd);
		}
	}
	for (int k = 0; k < 6; k++) {
		struct sockaddr_in a = { .sin_family = AF_INET };
		socklen_t n = sizeof(a);
		unsigned range = 40000 | 40003u << 16;
		int fd = each_socket(0);

		MUST(setsockopt(fd, IPPROTO_IP, 51, &range, 4));
		SHOW(bind(fd, (struct sockaddr *)&a, sizeof(a)));
		MUST(getsockname(fd, (struct sockaddr *)&a, &n));
		say("%s", ntohs(a.sin_port) >= 40000 && ntohs(a.sin_port) <= 40003 ?
			"within" : "not within");
	}
}
