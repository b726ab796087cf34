/* SOL_SOCKET: what a socket is, which cannot be set.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	EACH(ALL, SOL_SOCKET, SO_TYPE, 1, 2);
	EACH(ALL, SOL_SOCKET, SO_DOMAIN, 2);
	EACH(ALL, SOL_SOCKET, SO_PROTOCOL, 6);
	EACH(ALL, SOL_SOCKET, SO_ACCEPTCONN, 1);
	EACH(ALL, SOL_SOCKET, SO_ERROR, 1);
	EACH(ALL, SOL_SOCKET, SO_INCOMING_NAPI_ID, 1);
	EACH(ALL, SOL_SOCKET, SO_SNDLOWAT, 1);
}
