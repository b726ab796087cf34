/* gethostbyname(), _r and 2: numbers, small buffers, errors.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "gai.h"

int main(void)
{
	static const char *const names[] = { "1.2.3.4", "127.1", "::1", "256.1.1.1" };
	static const int families[] = { AF_INET, AF_INET6, 77 };

	for (int k = 0; k < N(names); k++) {
		for (int f = 0; f < N(families); f++) {
			struct hostent *h = NULL, one;
			char room[512];

			if (k == 3 && f < 2)
				continue;
			h = gethostbyname2(names[k], families[f]);
			say("%s %d: %s %d", names[k], families[f], h ? h->h_name : "none",
				h ? h->h_length : h_errno);
			for (size_t n = 0; n < 80 && k < 3 && f == (k == 2); n += 16) {
				int e = 0, r = gethostbyname2_r(names[k], families[f],
					&one, room, n, &h, &e);

				say("  %s %s", error_name(r), h ? h->h_name : "none");
			}
		}
	}
}
