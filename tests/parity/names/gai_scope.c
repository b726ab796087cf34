/* getaddrinfo(): scopes of link-local addresses.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "gai.h"

int main(void)
{
	static const char *const nodes[] = { "fe80::1%lo", "fe80::1%1", "fe80::1%0",
		"fe80::1%no-such", "fe80::1%", "fe80::1%99", "ff02::1%lo", "::1%lo",
		"2001:db8::1%1", "127.0.0.1%lo" };

	for (int k = 0; k < N(nodes); k++)
		ask(nodes[k], "80", AF_UNSPEC, SOCK_STREAM, 0, AI_NUMERICHOST);
}
