/* SOL_SOCKET: options that are on or off.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	EACH(ALL, SOL_SOCKET, SO_REUSEADDR, 0, 1, 2, -1);
	EACH(ALL, SOL_SOCKET, SO_REUSEPORT, 0, 1, 2, -1);
	EACH(ALL, SOL_SOCKET, SO_KEEPALIVE, 0, 1, 2, -1);
	EACH(ALL, SOL_SOCKET, SO_BROADCAST, 0, 1, 2, -1);
	EACH(ALL, SOL_SOCKET, SO_OOBINLINE, 0, 1, 2, -1);
	EACH(ALL, SOL_SOCKET, SO_DONTROUTE, 0, 1, 2, -1);
}
