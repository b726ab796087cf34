/* IP_OPTIONS on streams: before connect() and after it, at a listener, and what the
 * accepted end has then: an echo of what the SYN brought. Taken away and put there
 * again.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

/* Of a time stamp the time is not compared. */
static void say_options(const char *what, int fd)
{
	socklen_t len = 40;
	uint8_t o[40];

	MUST(getsockopt(fd, IPPROTO_IP, IP_OPTIONS, o, &len));
	if (len >= 8 && o[0] == 0x44) {
		bool alone = (o[3] & 0xf) == 0;

		for (int k = alone ? 4 : 8; k + 4 < o[2]; k += alone ? 4 : 8)
			memset(o + k, 0x77, 4);
	}
	say("  %s: %u bytes %s", what, (unsigned)len, each_hex(o, len));
}

static const struct each_list lists[] = {
	{ "no operation", 3, { 1, 1, 1 } },
	{ "one slot", 7, { 7, 7, 4 } },
	{ "two slots", 11, { 7, 11, 4 } },
	{ "three slots", 15, { 7, 15, 4 } },
	{ "nine slots", 39, { 7, 39, 4 } },
	{ "no slot left", 7, { 7, 7, 8, 9, 9, 9, 9 } },
	{ "router alert", 4, { 0x94, 4, 0, 0 } },
	{ "alert and record", 19, { 0x94, 4, 0, 0, 7, 15, 4 } },
	{ "time, one slot", 8, { 0x44, 8, 5, 0 } },
	{ "time, four", 20, { 0x44, 20, 5, 0 } },
	{ "time and address, three", 28, { 0x44, 28, 5, 1 } },
	{ "of another host", 12, { 0x44, 12, 5, 3, 198, 51, 100, 7 } },
	{ "of this and another", 20, { 0x44, 20, 5, 3, 127, 0, 0, 1, 0, 0, 0, 0, 198,
		51, 100, 7 } },
	{ "of an unknown kind", 8, { 0xde, 8, 1, 2, 3, 4, 5, 6 } },
};

static void talk(int a, int b)
{
	char c[4];

	send_all(a, "ping", 4);
	recv_all(b, c, 4);
	send_all(b, "pong", 4);
	recv_all(a, c, 4);
	say("  %.4s", c);
}

static void before(int family)
{
	struct place at = anywhere(family, 0), to = loopback(AF_INET, 0);
	int l = stream_socket(family);

	MUST(bind(l, &at.any, at.length));
	MUST(listen(l, 5));
	at = own_place(l);
	if (family == AF_INET6)
		to = place_of("::ffff:127.0.0.1", 0);
	for (int k = 0; k < N(lists); k++) {
		int a = stream_socket(family), b;

		say("%s", lists[k].what);
		SHOW(setsockopt(a, IPPROTO_IP, IP_OPTIONS, lists[k].o,
			lists[k].len));
		at = with_port(to, place_port(&at));
		MUST(connect(a, &at.any, at.length));
		b = accept_one(l);
		settle();
		say_options("connector", a);
		say_options("accepted", b);
		talk(a, b);
		close(a);
		close(b);
	}
	close(l);
}

static void after(void)
{
	int fd[2];

	stream_pair(AF_INET, fd);
	say_options("none", fd[0]);
	for (int k = 0; k < 5; k++) {
		say("%s", lists[k].what);
		SHOW(setsockopt(fd[k & 1], IPPROTO_IP, IP_OPTIONS, lists[k].o,
			lists[k].len));
		say_options("connector", fd[0]);
		say_options("accepted", fd[1]);
		talk(fd[0], fd[1]);
	}
	for (int k = 0; k < 2; k++) {
		SHOW(setsockopt(fd[k], IPPROTO_IP, IP_OPTIONS, NULL, 0));
		say_options("none again", fd[k]);
	}
	talk(fd[0], fd[1]);
}

/* A listener's own are not its children's. */
static void of_a_listener(void)
{
	int l, a, b, one = 1;
	struct place at;

	l = listener(AF_INET, 5, &at);
	SHOW(setsockopt(l, IPPROTO_IP, IP_OPTIONS, lists[1].o, lists[1].len));
	SHOW(setsockopt(l, IPPROTO_IP, IP_RECVOPTS, &one, sizeof(one)));
	SHOW(setsockopt(l, IPPROTO_IP, IP_RETOPTS, &one, sizeof(one)));
	a = connected_to(&at);
	b = accept_one(l);
	say_options("accepted", b);
	say_option("of it", b, IPPROTO_IP, IP_RECVOPTS);
	say_option("of it", b, IPPROTO_IP, IP_RETOPTS);
	talk(a, b);
}

int main(void)
{
	say("an IPv4 socket");
	before(AF_INET);
	say("an IPv6 socket, to a mapped address");
	before(AF_INET6);
	say("connected");
	after();
	say("listening");
	of_a_listener();
}
