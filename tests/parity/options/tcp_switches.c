/* IPPROTO_TCP: options that are on or off.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	EACH(TCPS, IPPROTO_TCP, TCP_NODELAY, 0, 1, 2, -1);
	EACH(TCPS, IPPROTO_TCP, TCP_CORK, 0, 1, 2, -1);
	EACH(TCPS, IPPROTO_TCP, TCP_QUICKACK, 0, 1, 2, -1);
	EACH(TCPS, IPPROTO_TCP, TCP_THIN_LINEAR_TIMEOUTS, 0, 1, 2, -1);
	EACH(TCPS, IPPROTO_TCP, TCP_THIN_DUPACK, 0, 1, 2, -1);
}
