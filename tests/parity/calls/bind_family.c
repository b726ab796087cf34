/* bind() with an address of another family than the socket's, or of none.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void one(int type, int family, const char *address, int as)
{
	struct place p = place_of(address, 0);
	int fd = MUST(socket(family, type, 0));
	char what[100];

	p.any.sa_family = as;
	snprintf(what, sizeof(what), "socket %d, %s as family %d", family, address, as);
	SHOW_AS(what, bind(fd, &p.any, p.length));
	close(fd);
}

static void try(int type)
{
	static const char *const addresses[] = { "127.0.0.1", "0.0.0.0", "::1", "::" };
	static const int as[] = { AF_INET, AF_INET6, AF_UNSPEC, AF_UNIX, 9999 };

	for (int i = 0; i < 4; i++) {
		for (int k = 0; k < 5; k++) {
			one(type, AF_INET, addresses[i], as[k]);
			one(type, AF_INET6, addresses[i], as[k]);
		}
	}
}

int main(void)
{
	say("-- stream");
	try(SOCK_STREAM);
	say("-- datagrams");
	try(SOCK_DGRAM);
	return 0;
}
