/* getaddrinfo(): services by name and number.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "gai.h"

int main(void)
{
	static const char *const services[] = { "http", "domain", "ftp", "tftp",
		"no-such-service", "0", "65535", "65536", "-1", "80x", " 80", "" };
	static const int types[] = { 0, SOCK_STREAM, SOCK_DGRAM };

	for (int k = 0; k < N(services); k++) {
		for (int t = 0; t < N(types); t++) {
			ask("127.0.0.1", services[k], AF_INET, types[t], 0, 0);
			ask("127.0.0.1", services[k], AF_INET, types[t], 0,
				AI_NUMERICSERV);
		}
	}
}
