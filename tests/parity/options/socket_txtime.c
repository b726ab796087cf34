/* SO_TXTIME: a clock and flags.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	for (int k = 0; k < 4; k++) {
		for (int flags = 0; flags < 6; flags++) {
			int fd = each_socket(k), t[2] = { CLOCK_MONOTONIC, flags };

			SHOW(setsockopt(fd, SOL_SOCKET, SO_TXTIME, t, 8));
			each_get("txtime", fd, SOL_SOCKET, SO_TXTIME, 8);
			each_get("txtime", fd, SOL_SOCKET, SO_TXTIME, 5);
			each_get("txtime", fd, SOL_SOCKET, SO_TXTIME, 20);
			SHOW(setsockopt(fd, SOL_SOCKET, SO_TXTIME, t, 4));
			SHOW(setsockopt(fd, SOL_SOCKET, SO_TXTIME, t, 9));
			close(fd);
		}
	}
}
