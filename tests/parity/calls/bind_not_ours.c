/* bind() to addresses that the host does not have.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void try(const char *address)
{
	struct place p = place_of(address, 0);

	for (int type = SOCK_STREAM; type <= SOCK_DGRAM; type++) {
		int fd = MUST(socket(p.any.sa_family, type, 0));
		char what[100];

		snprintf(what, sizeof(what), "%s %s", address,
			type == SOCK_STREAM ? "stream" : "datagrams");
		SHOW_AS(what, bind(fd, &p.any, p.length));
		close(fd);
	}
}

int main(void)
{
	try("192.0.2.1");
	try("8.8.8.8");
	try("255.255.255.255");
	try("224.0.0.1");
	try("239.1.2.3");
	try("127.0.0.1");
	try("127.0.0.2");
	try("127.255.255.254");
	try("127.255.255.255");
	try("127.0.0.0");
	try("0.0.0.1");
	try("0.0.0.0");
	try("240.0.0.1");
	try("2001:db8::1");
	try("::1");
	try("::2");
	try("::");
	try("ff02::1");
	try("ff05::1");
	try("fe80::1");
	try("::ffff:127.0.0.1");
	try("::ffff:127.0.0.9");
	try("::ffff:192.0.2.1");
	try("::ffff:0.0.0.0");
	try("::127.0.0.1");
	return 0;
}
