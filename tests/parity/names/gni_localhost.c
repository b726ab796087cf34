/* getnameinfo() and gethostbyaddr(): the loopback has a name.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "gai.h"

int main(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(80),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	char host[64], serv[32];
	struct hostent *h;

	say("%s", eai_name(getnameinfo((struct sockaddr *)&a, sizeof(a), host, 64, serv,
		32, 0)));
	say("%s %s", host, serv);
	say("%s", eai_name(getnameinfo((struct sockaddr *)&a, sizeof(a), host, 64, serv,
		32, NI_NAMEREQD)));
	h = gethostbyaddr(&a.sin_addr, 4, AF_INET);
	say("%s", h ? h->h_name : "none");
	h = gethostbyname("localhost");
	say("%s %d %d %s", h->h_name, h->h_addrtype, h->h_length,
		inet_ntoa(*(struct in_addr *)h->h_addr_list[0]));
}
