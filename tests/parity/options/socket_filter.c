/* Filters: none is there, locking, wrong lengths.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	for (int k = 0; k < 4; k++) {
		int fd = each_socket(k), one = 1, zero = 0;
		char room[32] = { 0 };

		for (socklen_t n = 0; n < 16; n += 5)
			SHOW(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, room, n));
		each_get("SO_GET_FILTER", fd, SOL_SOCKET, SO_GET_FILTER, 4);
		SHOW(setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &one, 4));
		SHOW(setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &zero, 4));
		SHOW(setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &one, 4));
		say_option("locked", fd, SOL_SOCKET, SO_LOCK_FILTER);
		SHOW(setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &one, 4));
		SHOW(setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &zero, 4));
		SHOW(setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &one, 4));
		one = -1;
		SHOW(setsockopt(fd, SOL_SOCKET, SO_ATTACH_BPF, &one, 4));
		SHOW(setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF, &one, 4));
		SHOW(setsockopt(fd, SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, &one, 4));
		close(fd);
	}
}
