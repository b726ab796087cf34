/* getnameinfo(): its flags, buffers and errors.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "gai.h"

int main(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(512),
		.sin_addr.s_addr = htonl(0x0a090807) };
	struct sockaddr_in6 b = { .sin6_family = AF_INET6, .sin6_port = htons(80),
		.sin6_addr = { { { 0xfe, 0x80, [15] = 1 } } }, .sin6_scope_id = 1 };
	static const int flags[] = { NI_NUMERICHOST, NI_NUMERICHOST | NI_NUMERICSERV,
		NI_NUMERICHOST | NI_DGRAM,
		NI_NUMERICHOST | NI_NAMEREQD };

	for (int k = 0; k < N(flags); k++) {
		char host[64] = "", serv[32] = "";
		int e = getnameinfo((struct sockaddr *)&a, sizeof(a), host, 64, serv, 32,
			flags[k]);

		say("0x%x: %s %s %s", flags[k], eai_name(e), host, serv);
		e = getnameinfo((struct sockaddr *)&b, sizeof(b), host, 64, serv, 32,
			flags[k]);
		say("0x%x: %s %s %s", flags[k], eai_name(e), host, serv);
	}
	for (socklen_t n = 0; n < 12; n++) {
		char host[64] = "", serv[32] = "";
		int e = getnameinfo((struct sockaddr *)&a, sizeof(a), host, n, serv, n,
			NI_NUMERICHOST | NI_NUMERICSERV);

		say("room %u: %s", n, eai_name(e));
	}
	for (socklen_t n = 0; n <= 28; n += 4) {
		char host[64] = "";

		say("length %u: %s %s", n, eai_name(getnameinfo((struct sockaddr *)&a, n,
			host, 64, NULL, 0, NI_NUMERICHOST)), eai_name(getnameinfo(
			(struct sockaddr *)&b, n, host, 64, NULL, 0, NI_NUMERICHOST)));
	}
	a.sin_family = 77;
	say("family 77: %s", eai_name(getnameinfo((struct sockaddr *)&a, sizeof(a), NULL,
		0, NULL, 0, 0)));
	a.sin_family = AF_INET;
	say("nothing: %s", eai_name(getnameinfo((struct sockaddr *)&a, sizeof(a), NULL,
		0, NULL, 0, 0)));
	say("flags: %s", eai_name(getnameinfo((struct sockaddr *)&a, sizeof(a), NULL,
		0, NULL, 0, 0x100000)));
}
