/* A broadcast on loopback reaches everybody who is bound there.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	struct place any = anywhere(AF_INET, 0), to, exact;
	int a = dgram_socket(AF_INET), b = dgram_socket(AF_INET);
	int c = dgram_socket(AF_INET), s = dgram_socket(AF_INET);

	turn_on(a, SOL_SOCKET, SO_REUSEADDR);
	turn_on(b, SOL_SOCKET, SO_REUSEADDR);
	turn_on(c, SOL_SOCKET, SO_REUSEADDR);
	MUST(bind(a, &any.any, any.length));
	any = own_place(a);
	MUST(bind(b, &any.any, any.length));
	exact = loopback(AF_INET, place_port(&any));
	MUST(bind(c, &exact.any, exact.length));
	to = place_of("127.255.255.255", place_port(&any));
	SHOW(sendto(s, "no", 2, 0, &to.any, to.length));
	turn_on(s, SOL_SOCKET, SO_BROADCAST);
	SHOW(sendto(s, "all", 3, 0, &to.any, to.length));
	say_recv("first", a, MSG_DONTWAIT);
	say_recv("second", b, MSG_DONTWAIT);
	say_recv("of one address", c, MSG_DONTWAIT);
	SHOW(sendto(s, "one", 3, 0, &exact.any, exact.length));
	say_recv("first", a, MSG_DONTWAIT);
	say_recv("second", b, MSG_DONTWAIT);
	say_recv("of one address", c, MSG_DONTWAIT);
	return 0;
}
