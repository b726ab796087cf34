/* Source routes: which IP_OPTIONS takes, and what becomes of what is sent by one: the
 * host that is first does not pass it on, so nobody hears of it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

static const struct {
	const char *what;
	socklen_t len;
	uint8_t o[40];
} lists[] = {
	{ "loose, one hop", 8, { 0x83, 7, 4, 127, 0, 0, 1, 0 } },
	{ "without its padding", 7, { 0x83, 7, 4, 127, 0, 0, 1 } },
	{ "strict", 7, { 0x89, 7, 4, 127, 0, 0, 1 } },
	{ "two hops", 11, { 0x83, 11, 4, 127, 0, 0, 1, 127, 0, 0, 2 } },
	{ "behind a no operation", 8, { 1, 0x83, 7, 4, 127, 0, 0, 1 } },
	{ "with a record", 14, { 7, 7, 4, 0, 0, 0, 0, 0x83, 7, 4, 127, 0, 0, 1 } },
	{ "nine hops", 39, { 0x83, 39, 4, 127, 0, 0, 1, 127, 0, 0, 2 } },
	{ "no hop", 3, { 0x83, 3, 4 } },
	{ "begun", 11, { 0x83, 11, 8, 127, 0, 0, 1, 127, 0, 0, 2 } },
	{ "half a hop", 9, { 0x83, 9, 4, 127, 0, 0, 1, 127, 0 } },
	{ "two routes", 14, { 0x83, 7, 4, 127, 0, 0, 1, 0x89, 7, 4, 127, 0, 0, 1 } },
};

static void set_and_get(int fd)
{
	for (int k = 0; k < N(lists); k++) {
		socklen_t len = 40;
		uint8_t o[40];

		say("%s", lists[k].what);
		SHOW(setsockopt(fd, IPPROTO_IP, IP_OPTIONS, lists[k].o, lists[k].len));
		MUST(getsockopt(fd, IPPROTO_IP, IP_OPTIONS, o, &len));
		say("  %u bytes %s", (unsigned)len, each_hex(o, len));
	}
}

static void datagrams(void)
{
	struct place at, none = anywhere(AF_INET, 9);
	int a = dgram_socket(AF_INET), b = dgram_bound(AF_INET, &at);
	char text[8];

	for (int k = 0; k < 4; k++) {
		say("%s", lists[k].what);
		MUST(setsockopt(a, IPPROTO_IP, IP_OPTIONS, lists[k].o, lists[k].len));
		SHOW(sendto(a, "abc", 3, 0, &at.any, at.length));
		SHOW(sendto(a, "abc", 3, 0, &none.any, none.length));
	}
	say("a route to nowhere");
	MUST(setsockopt(a, IPPROTO_IP, IP_OPTIONS,
		((uint8_t[]){ 0x83, 7, 4, 198, 51, 100, 1 }), 7));
	SHOW(sendto(a, "abc", 3, 0, &at.any, at.length));
	MUST(setsockopt(a, IPPROTO_IP, IP_OPTIONS, NULL, 0));
	SHOW(sendto(a, "last", 4, 0, &at.any, at.length));
	SHOW(recv(b, text, sizeof(text), 0));
	say_recv("no more", b, 0);
}

static void streams(void)
{
	struct place at, none = anywhere(AF_INET, 9);
	int l = listener(AF_INET, 1, &at), a = stream_socket(AF_INET), b;

	MUST(setsockopt(a, IPPROTO_IP, IP_OPTIONS, lists[0].o, lists[0].len));
	set_nonblocking(a, true);
	SHOW(connect(a, &none.any, none.length));
	SHOW(connect(a, &at.any, at.length));
	settle();
	say_poll("listener", l);
	say_poll("connector", a);
	b = connected_to(&at);
	close(accept_one(l));
	MUST(setsockopt(b, IPPROTO_IP, IP_OPTIONS, lists[0].o, lists[0].len));
	close(b);
	close(a);
}

int main(void)
{
	int fd = each_socket(1);

	set_and_get(fd);
	close(fd);
	say("datagrams");
	datagrams();
	say("streams");
	streams();
}
