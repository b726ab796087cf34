/* UDP-Lite: its ports are not UDP's, and how much of a datagram the checksum has to
 * cover is asked for and obeyed. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define SEND_CSCOV 10
#define RECV_CSCOV 11

static int lite(int family, struct place *at)
{
	int fd = MUST(socket(family, SOCK_DGRAM, IPPROTO_UDPLITE));
	struct place p = loopback(family, 0);

	MUST(bind(fd, &p.any, p.length));
	*at = own_place(fd);
	return fd;
}

static void cover(int fd, int name, int wanted)
{
	int got = -1;
	socklen_t len = sizeof(got);

	say("cover %s %d", name == SEND_CSCOV ? "sent" : "received", wanted);
	SHOW_AS("set", setsockopt(fd, IPPROTO_UDPLITE, name, &wanted, sizeof(wanted)));
	SHOW_AS("get", getsockopt(fd, IPPROTO_UDPLITE, name, &got, &len));
	say("is %d", got);
}

static void send_one(int from, const struct place *to, const char *text, int at)
{
	SHOW_AS("sendto", sendto(from, text, strlen(text), 0, &to->any, to->length));
	say_recv("arrives", at, MSG_DONTWAIT);
}

static void family(int f)
{
	static const int wishes[] = { 0, 1, 7, 8, 9, 12, 100, 65535, 65536, -1 };
	struct place a, b, at_udp;
	int one = lite(f, &a), two = lite(f, &b), udp;

	say_option("protocol", one, SOL_SOCKET, SO_PROTOCOL);
	say_option("type", one, SOL_SOCKET, SO_TYPE);
	send_one(one, &b, "hello", two);
	/* The same number, of UDP: another port. */
	udp = dgram_socket(f);
	at_udp = b;
	SHOW(bind(udp, &at_udp.any, at_udp.length));
	send_one(udp, &b, "from udp", two);
	send_one(one, &b, "to lite", udp);
	say_recv("it was for", two, MSG_DONTWAIT);
	cover(udp, SEND_CSCOV, 8);
	for (size_t k = 0; k < sizeof(wishes) / sizeof(wishes[0]); k++)
		cover(one, SEND_CSCOV, wishes[k]);
	for (int sent = 0; sent <= 16; sent += 4) {
		cover(one, SEND_CSCOV, sent);
		send_one(one, &b, "any", two);
	}
	for (int least = 0; least <= 12; least += 6) {
		cover(two, RECV_CSCOV, least);
		for (int sent = 0; sent <= 12; sent += 4) {
			cover(one, SEND_CSCOV, sent);
			send_one(one, &b, "guarded", two);
		}
	}
	close(one);
	close(two);
	close(udp);
}

int main(void)
{
	SHOW(socket(AF_INET, SOCK_STREAM, IPPROTO_UDPLITE));
	family(AF_INET);
	family(AF_INET6);
	return 0;
}
