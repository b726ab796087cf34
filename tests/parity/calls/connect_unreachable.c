/* connect() to addresses to which there is no way, or which are nobody's.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void try(const char *address)
{
	struct place p = place_of(address, 9);
	char what[100];

	for (int type = SOCK_STREAM; type <= SOCK_DGRAM; type++) {
		int fd = MUST(socket(p.any.sa_family, type | SOCK_NONBLOCK, 0));

		snprintf(what, sizeof(what), "%s %s", address,
			type == SOCK_STREAM ? "stream" : "datagrams");
		SHOW_AS(what, connect(fd, &p.any, p.length));
		say_names("names", fd);
		say_poll("poll", fd);
		close(fd);
	}
}

int main(void)
{
	try("192.0.2.1");
	try("255.255.255.255");
	try("224.0.0.1");
	try("240.0.0.1");
	try("2001:db8::1");
	try("ff02::1");
	try("fe80::1");
	try("::ffff:192.0.2.1");
	return 0;
}
