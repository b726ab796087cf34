/* IPPROTO_TCP: segments, windows, what is not sent.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	EACH(TCPS, IPPROTO_TCP, TCP_MAXSEG, 0, 87, 88, 1460, 32767, 32768, -1);
	EACH(TCPS, IPPROTO_TCP, TCP_WINDOW_CLAMP, 0, 1, 1151, 1152, 65536, -1);
	EACH(TCPS, IPPROTO_TCP, TCP_NOTSENT_LOWAT, 0, 1, INT_MAX, -1);
}
