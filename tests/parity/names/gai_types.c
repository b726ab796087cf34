/* getaddrinfo(): kinds of sockets and protocols.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "gai.h"

int main(void)
{
	static const int types[] = { 0, SOCK_STREAM, SOCK_DGRAM, SOCK_RAW,
		SOCK_SEQPACKET, 77 };
	static const int protocols[] = { 0, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDPLITE, 77 };

	for (int t = 0; t < N(types); t++) {
		for (int p = 0; p < N(protocols); p++) {
			ask("127.0.0.1", "53", AF_INET, types[t], protocols[p], 0);
			ask("127.0.0.1", NULL, AF_INET, types[t], protocols[p], 0);
		}
	}
}
