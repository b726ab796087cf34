/* A refused datagram: connected and not, read and write.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	struct place to = loopback(AF_INET, quiet_port(AF_INET, SOCK_DGRAM));
	int a = dgram_socket(AF_INET), b = dgram_socket(AF_INET);
	char c;

	SHOW(sendto(a, "x", 1, 0, &to.any, to.length));
	say_poll("not connected", a);
	SHOW(sendto(a, "x", 1, 0, &to.any, to.length));
	MUST(connect(b, &to.any, to.length));
	SHOW(send(b, "x", 1, 0));
	say_poll("connected", b);
	SHOW(send(settled(b), "x", 1, 0));
	SHOW(send(b, "x", 1, 0));
	SHOW(recv(settled(b), &c, 1, 0));
	SHOW(send(b, "x", 1, 0));
	say_so_error("by option", b);
	say_poll("afterwards", b);
	return 0;
}
