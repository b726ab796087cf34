/* getaddrinfo(): its answer, used to listen and to connect.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "gai.h"

int main(void)
{
	struct addrinfo h = { .ai_socktype = SOCK_STREAM, .ai_family = AF_INET,
		.ai_flags = AI_PASSIVE }, *list;
	struct sockaddr_in a;
	socklen_t n = sizeof(a);
	char port[8];
	int l, c;

	MUST(-getaddrinfo("localhost", "0", &h, &list));
	l = MUST(socket(list->ai_family, list->ai_socktype, list->ai_protocol));
	SHOW(bind(l, list->ai_addr, list->ai_addrlen));
	SHOW(listen(l, 1));
	freeaddrinfo(list);
	MUST(getsockname(l, (struct sockaddr *)&a, &n));
	snprintf(port, sizeof(port), "%d", ntohs(a.sin_port));
	h.ai_flags = 0;
	MUST(-getaddrinfo("localhost", port, &h, &list));
	c = MUST(socket(list->ai_family, list->ai_socktype, list->ai_protocol));
	SHOW(connect(c, list->ai_addr, list->ai_addrlen));
	freeaddrinfo(list);
	say_names("client", c);
}
