/* getaddrinfo(): AI_V4MAPPED and AI_ALL on numbers.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "gai.h"

int main(void)
{
	static const int flags[] = { 0, AI_V4MAPPED, AI_ALL, AI_V4MAPPED | AI_ALL };
	static const char *const nodes[] = { "127.0.0.1", "::1", "::ffff:1.2.3.4" };
	static const int families[] = { AF_UNSPEC, AF_INET, AF_INET6 };

	for (int k = 0; k < N(nodes); k++) {
		for (int f = 0; f < N(families); f++) {
			for (int j = 0; j < N(flags); j++)
				ask(nodes[k], NULL, families[f], SOCK_STREAM, 0,
					flags[j] | AI_NUMERICHOST);
		}
	}
}
