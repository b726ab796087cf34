/* IPPROTO_IPV6: hops and class, on which sockets.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	EACH(ALL, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 0, 1, 64, 255, 256, -1, -2);
	EACH(ALL, IPPROTO_IPV6, IPV6_TCLASS, 0, 1, 3, 4, 255, 256, -1, -2);
	EACH(UDP6, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 0, 1, 255, 256, -1, -2);
	EACH(ALL, IPPROTO_IPV6, IPV6_V6ONLY, 0, 1, 2, -1);
	EACH(ALL, IPPROTO_IPV6, IPV6_MTU_DISCOVER, 0, 1, 2, 3, 4, 5, 6, -1);
}
