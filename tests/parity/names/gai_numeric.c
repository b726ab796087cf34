/* getaddrinfo(): addresses as numbers, of each family.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "gai.h"

int main(void)
{
	static const char *const nodes[] = { "127.0.0.1", "10.1.2.3", "127.1",
		"0x7f000001", "010.0.0.1", "256.0.0.1", "1.2.3.4.5", "::1", "::",
		"fe80::1", "::ffff:1.2.3.4", "2001:db8::1:0:0:2", "12345::", "1::2::3",
		"[::1]", "0.0.0.0", "255.255.255.255", "" };
	static const int families[] = { AF_UNSPEC, AF_INET, AF_INET6 };

	for (int k = 0; k < N(nodes); k++) {
		for (int f = 0; f < N(families); f++)
			ask(nodes[k], "80", families[f], SOCK_STREAM, 0,
				AI_NUMERICHOST);
	}
}
