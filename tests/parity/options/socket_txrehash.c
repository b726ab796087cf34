/* SO_TXREHASH: of streams only.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	EACH(ALL, SOL_SOCKET, SO_TXREHASH, 0, 1, 2, -1, -2);
}
