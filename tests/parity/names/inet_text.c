/* inet_pton(), inet_ntop(), inet_aton() and their relatives.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "gai.h"

int main(void)
{
	static const char *const texts[] = { "1.2.3.4", "1.2.3", "1.2", "1", "0x10.1",
		"01.02.03.04", "1.2.3.4 ", "1.2.3.256", "::", "::1", "1::", "::ffff:1.2.3.4",
		"::1.2.3.4", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:8:9", ":::",
		"fe80::1%1", "2001:DB8::A", "" };

	for (int k = 0; k < N(texts); k++) {
		unsigned char b[16] = { 0 };
		struct in_addr a = { 0 };
		char out[INET6_ADDRSTRLEN];
		int r4 = inet_pton(AF_INET, texts[k], b), r6;

		r6 = inet_pton(AF_INET6, texts[k], b);
		say("'%s': %d %d %s", texts[k], r4, r6, r6 == 1 ?
			inet_ntop(AF_INET6, b, out, sizeof(out)) : "-");
		say("  aton %d %08x addr %08x network %08x", inet_aton(texts[k], &a),
			ntohl(a.s_addr), ntohl(inet_addr(texts[k])), inet_network(texts[k]));
	}
	errno = 0;
	say("%d %s", inet_pton(77, "1.2.3.4", NULL), error_name(errno));
	for (socklen_t n = 6; n < 18; n += 2) {
		char out[32];
		struct in_addr a = { htonl(0x7f000001) };

		errno = 0;
		say("%u: %s %s", n, inet_ntop(AF_INET, &a, out, n) ? out : "NULL",
			error_name(errno));
	}
}
