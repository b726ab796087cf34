/* SO_MAX_PACING_RATE: 32 or 64 bits.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	EACH(ALL, SOL_SOCKET, SO_MAX_PACING_RATE, 0, 1, -1, INT_MAX, INT_MIN);
	for (int k = 0; k < 4; k++) {
		static const unsigned long long rates[] = { 0, 1, 4294967295ull,
			4294967296ull, 1ull << 40, ~0ull };

		for (int j = 0; j < N(rates); j++) {
			int fd = each_socket(k);

			SHOW(setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE,
				&rates[j], 8));
			each_get("rate", fd, SOL_SOCKET, SO_MAX_PACING_RATE, 8);
			each_get("rate", fd, SOL_SOCKET, SO_MAX_PACING_RATE, 4);
			each_get("rate", fd, SOL_SOCKET, SO_MAX_PACING_RATE, 16);
			close(fd);
		}
	}
}
