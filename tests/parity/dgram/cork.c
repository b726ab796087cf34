/* UDP_CORK and MSG_MORE gather one datagram.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	struct place at, other;
	int b = dgram_bound(AF_INET, &at), c = dgram_bound(AF_INET, &other);
	int a = dgram_socket(AF_INET), zero = 0;

	SHOW(sendto(a, "one ", 4, MSG_MORE, &at.any, at.length));
	say_recv("not yet", b, MSG_DONTWAIT);
	SHOW(sendto(a, "two ", 4, MSG_MORE, &other.any, other.length));
	SHOW(send(a, "three", 5, 0));
	say_recv("together", b, MSG_DONTWAIT);
	say_recv("nothing for the other", c, MSG_DONTWAIT);
	turn_on(a, IPPROTO_UDP, UDP_CORK);
	SHOW(sendto(a, "a", 1, 0, &at.any, at.length));
	SHOW(sendto(a, "b", 1, 0, &at.any, at.length));
	say_recv("corked", b, MSG_DONTWAIT);
	SHOW(setsockopt(a, IPPROTO_UDP, UDP_CORK, &zero, sizeof(zero)));
	say_recv("uncorked", b, MSG_DONTWAIT);
	SHOW(setsockopt(a, IPPROTO_UDP, UDP_CORK, &zero, sizeof(zero)));
	say_recv("nothing more", b, MSG_DONTWAIT);
	SHOW(sendto(a, "", 0, MSG_MORE, &at.any, at.length));
	SHOW(send(a, "", 0, 0));
	SHOW(recv(settled(b), &zero, 1, MSG_DONTWAIT));
	return 0;
}
