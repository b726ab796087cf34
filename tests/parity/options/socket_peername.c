/* SO_PEERNAME: as getpeername, but with its own lengths.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	int fd = each_socket(0);

	each_get("unconnected", fd, SOL_SOCKET, SO_PEERNAME, 16);
	close(fd);
	for (int k = 1; k < 4; k += 2) {
		struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(7777),
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

		fd = each_socket(1);
		MUST(connect(fd, (struct sockaddr *)&to, sizeof(to)));
		for (socklen_t n = 0; n < 20; n += 4)
			each_get("udp", fd, SOL_SOCKET, SO_PEERNAME, n);
		close(fd);
	}
}
