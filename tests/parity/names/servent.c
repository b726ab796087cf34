/* getservbyname(), getservbyport() and protocols.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "gai.h"

int main(void)
{
	static const char *const names[] = { "http", "domain", "ssh", "tftp", "none-such" };
	static const char *const protocols[] = { "tcp", "udp", NULL, "sctp" };

	for (int k = 0; k < N(names); k++) {
		for (int p = 0; p < 3; p++) {
			struct servent *s = getservbyname(names[k], protocols[p]);

			say("%s/%s: %d %s", names[k], protocols[p] ? protocols[p] : "*",
				s ? ntohs((uint16_t)s->s_port) : -1, s ? s->s_proto : "-");
		}
	}
	for (int port = 20; port < 26; port++) {
		struct servent *s = getservbyport(htons((uint16_t)port), "tcp");

		say("%d: %s", port, s ? s->s_name : "none");
	}
	say("%d %d", getprotobyname("tcp")->p_proto, getprotobyname("udp")->p_proto);
	say("%s", getprotobynumber(1)->p_name);
}
