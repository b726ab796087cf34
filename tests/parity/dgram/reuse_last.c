/* SO_REUSEADDR: of several on one name the last one hears.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	struct place at = loopback(AF_INET, 0);
	int a = dgram_socket(AF_INET), b = dgram_socket(AF_INET);
	int s = dgram_socket(AF_INET);

	turn_on(a, SOL_SOCKET, SO_REUSEADDR);
	turn_on(b, SOL_SOCKET, SO_REUSEADDR);
	MUST(bind(a, &at.any, at.length));
	at = own_place(a);
	SHOW(bind(b, &at.any, at.length));
	MUST(sendto(s, "x", 1, 0, &at.any, at.length));
	say_recv("first", a, MSG_DONTWAIT);
	say_recv("last", b, MSG_DONTWAIT);
	close(b);
	MUST(sendto(s, "y", 1, 0, &at.any, at.length));
	say_recv("alone again", a, MSG_DONTWAIT);
	return 0;
}
