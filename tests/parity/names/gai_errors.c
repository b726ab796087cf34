/* getaddrinfo(): hints and arguments that make no sense.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "gai.h"

int main(void)
{
	ask_with(NULL, NULL, NULL);
	ask(NULL, NULL, AF_INET, SOCK_STREAM, 0, 0);
	ask("127.0.0.1", "80", 77, SOCK_STREAM, 0, 0);
	ask("127.0.0.1", "80", AF_UNIX, SOCK_STREAM, 0, 0);
	ask("127.0.0.1", "80", AF_INET, SOCK_STREAM, 0, 0x10000);
	ask(NULL, "80", AF_INET, SOCK_STREAM, 0, AI_CANONNAME);
	ask("*", "80", AF_INET, SOCK_STREAM, 0, AI_NUMERICHOST);
	ask("a.b.c", "80", AF_INET, SOCK_STREAM, 0, AI_NUMERICHOST);
	ask("::1", "80", AF_INET, SOCK_STREAM, 0, 0);
	ask("127.0.0.1", "80", AF_INET6, SOCK_STREAM, 0, 0);
	for (int e = -105; e <= 1; e++)
		say("%d: %s", e, gai_strerror(e));
}
