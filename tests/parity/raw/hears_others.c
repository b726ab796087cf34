/* Raw sockets hear what other sockets of the host say to each other. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

#define IP_HEADER 20

static int raw_socket(int protocol)
{
	struct place lo = place_of("127.0.0.1", 0);
	int fd = MUST(socket(AF_INET, SOCK_RAW, protocol));

	MUST(bind(fd, &lo.any, lo.length));
	return fd;
}

/* The next packet from or to that port; how many bytes behind IP's header, in at. */
static ssize_t packet(int fd, int port, uint8_t *at, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint8_t all[2048];
	uint16_t ports[2];
	ssize_t n;

	do {
		if (poll(&p, 1, LIMIT_MS) != 1)
			broken("no packet");
		n = MUST(recv(fd, all, sizeof(all), 0)) - IP_HEADER;
		memcpy(ports, all + IP_HEADER, sizeof(ports));
	} while (ntohs(ports[0]) != port && ntohs(ports[1]) != port);
	say("IPv%d, header %d, protocol %d, from %d to %d", all[0] >> 4, all[0] & 15,
		all[9], all[12], all[16]);
	memcpy(at, all + IP_HEADER, (size_t)n < size ? (size_t)n : size);
	return n;
}

static void datagrams(void)
{
	int raw = raw_socket(IPPROTO_UDP), a, b;
	struct place at;
	uint8_t got[64];
	ssize_t n;

	a = dgram_bound(AF_INET, NULL);
	b = dgram_bound(AF_INET, &at);
	SHOW(sendto(a, "across", 6, 0, &at.any, at.length));
	say_poll_until("receiver", b, POLLIN);
	say_recv("receiver", b, 0);
	n = packet(raw, place_port(&at), got, sizeof(got));
	say("udp: %zd bytes, %.*s", n, 6, (char *)got + 8);
	close(raw);
	/* It may take the shorter way again. */
	SHOW(sendto(a, "alone", 5, 0, &at.any, at.length));
	say_poll_until("receiver", b, POLLIN);
	say_recv("receiver", b, 0);
}

static void stream(void)
{
	int raw = raw_socket(IPPROTO_TCP), fd[2];
	static const char *const names[] = { "SYN", "SYN and ACK", "ACK" };
	struct place own;
	uint8_t got[64];
	int port;
	ssize_t n;

	stream_pair(AF_INET, fd);
	own = own_place(fd[0]);
	port = place_port(&own);
	for (int k = 0; k < 3; k++) {
		n = packet(raw, port, got, sizeof(got));
		say("%s: flags %#x, without data %d", names[k], got[13],
			n == (got[12] >> 4) * 4);
	}
	send_all(fd[0], "bytes", 5);
	do
		n = packet(raw, port, got, sizeof(got));
	while (n == (got[12] >> 4) * 4);
	say("data: %.*s", 5, (char *)got + (got[12] >> 4) * 4);
	say_poll_until("peer", fd[1], POLLIN);
	say_recv("peer", fd[1], 0);
	close(raw);
	send_all(fd[1], "back", 4);
	say_poll_until("first", fd[0], POLLIN);
	say_recv("first", fd[0], 0);
}

int main(void)
{
	datagrams();
	stream();
	return 0;
}
