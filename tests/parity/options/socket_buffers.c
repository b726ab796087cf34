/* SO_RCVBUF and SO_SNDBUF: doubled, with a minimum.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	EACH(ALL, SOL_SOCKET, SO_RCVBUF, 0, 1, 1000, 2303, 4096, 65536, 100000);
	EACH(ALL, SOL_SOCKET, SO_SNDBUF, 0, 1, 1000, 4607, 4608, 65536, 100000);
}
