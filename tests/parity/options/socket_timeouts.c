/* SO_RCVTIMEO and SO_SNDTIMEO: values, ranges, lengths.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	static const int names[] = { SO_RCVTIMEO, SO_SNDTIMEO };
	static const struct timeval values[] = { { 0, 0 }, { 1, 500000 }, { 0, 4000 },
		{ 0, 999999 }, { 0, 1000000 }, { 0, -1 }, { -1, 0 }, { -5, 7 },
		{ 100000, 0 } };

	for (int k = 0; k < 4; k++) {
		for (int n = 0; n < 2; n++) {
			int fd = each_socket(k);

			each_get("time", fd, SOL_SOCKET, names[n], 16);
			for (int j = 0; j < N(values); j++) {
				SHOW(setsockopt(fd, SOL_SOCKET, names[n], &values[j],
					sizeof(values[j])));
				each_get("time", fd, SOL_SOCKET, names[n], 16);
			}
			for (socklen_t room = 0; room < 24; room += 5) {
				char b[32] = { 0 };

				SHOW(setsockopt(fd, SOL_SOCKET, names[n], b, room));
				each_get("time", fd, SOL_SOCKET, names[n], room);
			}
			close(fd);
		}
	}
}
