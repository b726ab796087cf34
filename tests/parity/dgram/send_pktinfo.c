/* Which source address and interface sendmsg() may ask for.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

static void from(int fd, const struct place *to, const char *source, int ifindex)
{
	struct in_pktinfo p = { .ipi_ifindex = ifindex };
	char what[64];

	inet_pton(AF_INET, source, &p.ipi_spec_dst);
	snprintf(what, sizeof(what), "from %s by %d", source, ifindex);
	show_send(what, fd, to, IPPROTO_IP, IP_PKTINFO, &p, sizeof(p));
}

int main(void)
{
	struct place at;
	int b = dgram_bound(AF_INET, &at), a = dgram_socket(AF_INET);
	struct in_pktinfo p = { 0 };

	from(a, &at, "127.0.0.5", 0);
	say_message(b, MSG_DONTWAIT, 0);
	from(a, &at, "0.0.0.0", 1);
	say_message(b, MSG_DONTWAIT, 0);
	from(a, &at, "192.0.2.7", 0);
	from(a, &at, "0.0.0.0", 77);
	from(a, &at, "224.0.0.1", 0);
	show_send("short", a, &at, IPPROTO_IP, IP_PKTINFO, &p, sizeof(p) - 4);
	say_message(b, MSG_DONTWAIT, 0);
	return 0;
}
