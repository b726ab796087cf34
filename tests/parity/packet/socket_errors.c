/* socket(AF_PACKET): which types there are. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

int main(void)
{
	SHOW(socket(AF_PACKET, 0, 0) >= 0 ? 0 : -1);
	SHOW(socket(AF_PACKET, SOCK_STREAM, 0) >= 0 ? 0 : -1);
	SHOW(socket(AF_PACKET, SOCK_DGRAM, 0) >= 0 ? 0 : -1);
	SHOW(socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)) >= 0 ? 0 : -1);
	SHOW(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 99999) >= 0 ?
		0 : -1);
	SHOW(socket(AF_PACKET, SOCK_SEQPACKET, 0) >= 0 ? 0 : -1);
	SHOW(socket(AF_PACKET, 11, 0) >= 0 ? 0 : -1);
	SHOW(socket(AF_PACKET, -1, 0) >= 0 ? 0 : -1);
	return 0;
}
