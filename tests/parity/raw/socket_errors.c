/* Which raw sockets there are. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	SHOW(socket(AF_INET, SOCK_RAW, 0) >= 0);
	say("%s", error_name(errno));
	SHOW(socket(AF_INET6, SOCK_RAW, 0) >= 0);
	say("%s", error_name(errno));
	SHOW(socket(AF_INET, SOCK_RAW, -1) >= 0);
	SHOW(socket(AF_INET, SOCK_RAW, 1000) >= 0);
	say("%s", error_name(errno));
	SHOW(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) >= 0);
	SHOW(socket(AF_INET, SOCK_RAW, IPPROTO_TCP) >= 0);
	SHOW(socket(AF_INET, SOCK_RAW, IPPROTO_RAW) >= 0);
	SHOW(socket(AF_INET, SOCK_RAW, 253) >= 0);
	SHOW(socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6) >= 0);
	SHOW(socket(AF_INET6, SOCK_RAW, 253) >= 0);
	SHOW(socket(AF_INET, SOCK_RDM, 253) >= 0);
	say("%s", error_name(errno));
	return 0;
}
