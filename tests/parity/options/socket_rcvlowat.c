/* SO_RCVLOWAT: at least one.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	EACH(ALL, SOL_SOCKET, SO_RCVLOWAT, 0, 1, 2, 1000, 65536);
}
