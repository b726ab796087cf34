/* A gathered datagram that grows too long is lost.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	static char big[40000], got[70000];
	struct place at;
	int b = dgram_bound(AF_INET, &at), a = dgram_socket(AF_INET);

	SHOW(sendto(a, big, sizeof(big), MSG_MORE, &at.any, at.length));
	SHOW(sendto(a, big, sizeof(big), MSG_MORE, &at.any, at.length));
	SHOW(send(a, "x", 1, 0));
	SHOW(sendto(a, big, 25507, MSG_MORE, &at.any, at.length));
	SHOW(sendto(a, big, 40000, 0, &at.any, at.length));
	SHOW(recv(settled(b), got, sizeof(got), MSG_DONTWAIT));
	SHOW(recv(settled(b), got, sizeof(got), MSG_DONTWAIT));
	say("with options");
	MUST(setsockopt(a, IPPROTO_IP, IP_OPTIONS, "\1\1\1", 4));
	SHOW(sendto(a, big, sizeof(big), MSG_MORE, &at.any, at.length));
	MUST(setsockopt(a, IPPROTO_IP, IP_OPTIONS, NULL, 0)); /* the first call's count */
	SHOW(sendto(a, big, 25504, MSG_MORE, &at.any, at.length));
	MUST(setsockopt(a, IPPROTO_IP, IP_OPTIONS, "\1\1\1", 4));
	SHOW(sendto(a, big, sizeof(big), MSG_MORE, &at.any, at.length));
	SHOW(sendto(a, big, 25503, 0, &at.any, at.length));
	await(b, POLLIN);
	SHOW(recv(b, got, sizeof(got), MSG_DONTWAIT));
	return 0;
}
