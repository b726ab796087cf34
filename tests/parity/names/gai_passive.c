/* getaddrinfo(): no node, for servers and for clients.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "gai.h"

int main(void)
{
	static const int families[] = { AF_INET, AF_INET6 };

	for (int f = 0; f < 2; f++) {
		ask(NULL, "80", families[f], SOCK_STREAM, 0, 0);
		ask(NULL, "80", families[f], SOCK_STREAM, 0, AI_PASSIVE);
		ask(NULL, "80", families[f], SOCK_DGRAM, 0, AI_PASSIVE);
		ask("127.0.0.1", "80", families[f], SOCK_STREAM, 0, AI_PASSIVE);
	}
	ask(NULL, "80", AF_UNSPEC, SOCK_STREAM, 0, AI_PASSIVE);
	ask(NULL, "80", AF_UNSPEC, SOCK_STREAM, 0, 0);
}
