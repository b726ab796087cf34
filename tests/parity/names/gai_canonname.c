/* getaddrinfo(): AI_CANONNAME of numbers and of localhost.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "gai.h"

int main(void)
{
	ask("127.0.0.1", NULL, AF_INET, SOCK_STREAM, 0, AI_CANONNAME);
	ask("127.0.0.1", NULL, AF_INET, 0, 0, AI_CANONNAME);
	ask("::1", NULL, AF_INET6, SOCK_STREAM, 0, AI_CANONNAME);
	ask("::1", NULL, AF_INET6, SOCK_STREAM, 0, AI_CANONNAME | AI_NUMERICHOST);
	ask("127.0.0.1", NULL, AF_INET6, SOCK_STREAM, 0, AI_CANONNAME | AI_V4MAPPED);
}
