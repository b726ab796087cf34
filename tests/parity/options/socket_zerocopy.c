/* SO_ZEROCOPY: what it takes before it is asked to do anything.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	for (int k = 0; k < 4; k++) {
		int fd = each_socket(k);

		each_get("SO_ZEROCOPY", fd, SOL_SOCKET, SO_ZEROCOPY, 4);
		each_value("SO_ZEROCOPY", fd, SOL_SOCKET, SO_ZEROCOPY, 0);
		each_value("SO_ZEROCOPY", fd, SOL_SOCKET, SO_ZEROCOPY, 2);
		each_value("SO_ZEROCOPY", fd, SOL_SOCKET, SO_ZEROCOPY, -1);
		close(fd);
	}
}
