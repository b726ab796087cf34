/* The same of IPv6.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

static void from(int fd, const struct place *to, const char *source,
	unsigned ifindex)
{
	struct in6_pktinfo p = { .ipi6_ifindex = ifindex };
	char what[64];

	inet_pton(AF_INET6, source, &p.ipi6_addr);
	snprintf(what, sizeof(what), "from %s by %u", source, ifindex);
	show_send(what, fd, to, IPPROTO_IPV6, IPV6_PKTINFO, &p, sizeof(p));
}

int main(void)
{
	struct place at, mapped;
	int b = dgram_bound(AF_INET6, &at), a = dgram_socket(AF_INET6);
	int four = dgram_bound(AF_INET, &mapped);

	mapped = place_of("::ffff:127.0.0.1", place_port(&mapped));
	from(a, &at, "::1", 0);
	say_message(b, MSG_DONTWAIT, 0);
	from(a, &at, "::", 1);
	from(a, &at, "2001:db8::7", 0);
	from(a, &at, "::", 77);
	from(a, &at, "fe80::1", 0);
	from(a, &mapped, "::ffff:127.0.0.4", 0);
	say_message(four, MSG_DONTWAIT, 0);
	from(a, &mapped, "::1", 0);
	return 0;
}
