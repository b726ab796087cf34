/* SO_PEERCRED: nobody is known.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	for (int k = 0; k < 4; k++) {
		int fd = each_socket(k);

		for (socklen_t n = 0; n < 20; n += 3)
			each_get(each_kinds[k].name, fd, SOL_SOCKET, SO_PEERCRED, n);
		close(fd);
	}
}
