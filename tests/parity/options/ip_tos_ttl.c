/* IP_TOS and IP_TTL: ranges, bytes, and what TCP keeps for itself.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	EACH(ALL, IPPROTO_IP, IP_TOS, 0, 1, 3, 4, 16, 255, 256, -1);
	EACH(ALL, IPPROTO_IP, IP_TTL, 0, 1, 64, 255, 256, -1, -2);
}
