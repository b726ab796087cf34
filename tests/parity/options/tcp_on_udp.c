/* Options of TCP on datagram sockets, and of UDP on streams.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	EACH(UDPS, IPPROTO_TCP, TCP_NODELAY, 0, 1);
	EACH(UDPS, IPPROTO_TCP, TCP_MAXSEG, 1000);
	EACH(UDPS, IPPROTO_TCP, TCP_INFO, 0);
	EACH(TCPS, IPPROTO_UDP, UDP_CORK, 0, 1);
	EACH(ALL, 1234, 1, 0, 1);
	EACH(ALL, -1, 1, 0, 1);
}
