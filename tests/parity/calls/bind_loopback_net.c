/* All of 127/8 is here: listeners on three of its addresses with one port,
 * each hears its own.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	static const char *const addresses[] = { "127.0.0.1", "127.0.0.2", "127.9.8.7" };
	struct place p;
	int l[3], port = 0;

	for (int i = 0; i < 3; i++) {
		p = place_of(addresses[i], port);
		l[i] = stream_socket(AF_INET);
		SHOW(bind(l[i], &p.any, p.length));
		MUST(listen(l[i], 1));
		p = own_place(l[i]);
		port = place_port(&p);
		say_names(addresses[i], l[i]);
	}
	for (int i = 0; i < 3; i++) {
		int c, a;

		p = place_of(addresses[i], port);
		c = connected_to(&p);
		a = accept_one(l[i]);
		/* The connector's own address is chosen by the route. */
		p = own_place(c);
		say("connected to %s from %s", addresses[i], inet_ntoa(p.v4.sin_addr));
		p = own_place(a);
		say("accepted at %s", inet_ntoa(p.v4.sin_addr));
		for (int k = 0; k < 3; k++)
			say_poll(addresses[k], l[k]);
		close(c);
		close(a);
	}
	p = place_of("127.0.0.3", port);
	l[0] = stream_socket(AF_INET);
	SHOW_AS("connect to 127.0.0.3", connect(l[0], &p.any, p.length));
	return 0;
}
