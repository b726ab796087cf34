/* SO_LINGER: switch and seconds, all lengths.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	static const struct linger values[] = { { 0, 0 }, { 1, 0 }, { 1, 5 }, { 0, 7 },
		{ 2, 9 }, { 1, -1 }, { -1, 3 }, { 1, INT_MAX } };

	for (int k = 0; k < 4; k++) {
		int fd = each_socket(k);

		each_get("linger", fd, SOL_SOCKET, SO_LINGER, 8);
		for (int j = 0; j < N(values); j++) {
			if (values[j].l_linger > 1000000 || values[j].l_linger < 0)
				continue;
			SHOW(setsockopt(fd, SOL_SOCKET, SO_LINGER, &values[j], 8));
			each_get("linger", fd, SOL_SOCKET, SO_LINGER, 8);
		}
		for (socklen_t n = 0; n < 12; n++) {
			char room[16] = { 0 };

			SHOW(setsockopt(fd, SOL_SOCKET, SO_LINGER, room, n));
			each_get("linger", fd, SOL_SOCKET, SO_LINGER, n);
		}
		close(fd);
	}
}
