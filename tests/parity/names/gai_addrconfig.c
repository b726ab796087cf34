/* getaddrinfo(): AI_ADDRCONFIG on a host with loopback alone.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "gai.h"

int main(void)
{
	static const int families[] = { AF_UNSPEC, AF_INET, AF_INET6 };

	for (int f = 0; f < N(families); f++) {
		ask("127.0.0.1", "80", families[f], SOCK_STREAM, 0, AI_ADDRCONFIG);
		ask("::1", "80", families[f], SOCK_STREAM, 0, AI_ADDRCONFIG);
		ask("10.0.0.1", "80", families[f], SOCK_STREAM, 0,
			AI_ADDRCONFIG | AI_NUMERICHOST);
		ask(NULL, "80", families[f], SOCK_STREAM, 0,
			AI_ADDRCONFIG | AI_PASSIVE);
	}
}
