/* connect() to AF_UNSPEC: names before and after, bound and not.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	struct place at, any = anywhere(AF_INET, 0);
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	int b = dgram_bound(AF_INET, &at), a = dgram_socket(AF_INET);
	int c = dgram_socket(AF_INET);

	say_names("fresh", a);
	SHOW(connect(a, &none, sizeof(none)));
	SHOW(connect(a, &at.any, at.length));
	say_names("connected", a);
	SHOW(connect(a, &none, sizeof(none)));
	say_names("disconnected", a);
	SHOW(send(a, "x", 1, 0));
	MUST(bind(c, &any.any, any.length));
	MUST(connect(c, &at.any, at.length));
	say_names("bound, connected", c);
	MUST(connect(c, &none, sizeof(none)));
	say_names("bound, disconnected", c);
	SHOW(sendto(c, "hello", 5, 0, &at.any, at.length));
	say_recv("arrived", b, MSG_DONTWAIT);
	return 0;
}
