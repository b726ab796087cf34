/* netbench with datagrams. The server answers each by its first byte: 'e' echoes it,
 * 'd' counts it, 'q' tells how many 'd' came and in how many ns from first to last.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "netbench.h"

#define UDP_MAX 65536

struct tally {
	int64_t n, first, last;
};

int bench_udp_serve(char **args)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)atoi(args[0])) }, from;
	int s = socket(AF_INET6, SOCK_DGRAM, 0);
	static char buf[UDP_MAX];
	struct tally t = { 0 };

	if (s < 0 || bind(s, (struct sockaddr *)&a, sizeof(a)) < 0)
		die("bind");
	for (;;) {
		socklen_t len = sizeof(from);
		ssize_t n = recvfrom(s, buf, sizeof(buf), 0, (struct sockaddr *)&from,
			&len);

		if (n <= 0)
			die("recvfrom");
		if (buf[0] == 'd') {
			/* The clock is read now and then: it costs, too. */
			if (t.n == 0)
				t.first = now_ns();
			if (++t.n % 16 == 0)
				t.last = now_ns();
			continue;
		}
		if (buf[0] == 'q') {
			memcpy(buf, &t, sizeof(t));
			n = sizeof(t);
			t = (struct tally){ 0 };
		}
		if (sendto(s, buf, (size_t)n, 0, (struct sockaddr *)&from, len) != n)
			die("sendto");
	}
}

/* A question until it is answered: datagrams may be lost, and the server may not be
 * there yet. */
static void ask(int s, char *buf, size_t n, void *answer, size_t room)
{
	struct pollfd p = { .fd = s, .events = POLLIN };
	int64_t end = now_ns() + 10000000000;

	while (now_ns() < end) {
		(void)!send(s, buf, n, 0);
		if (poll(&p, 1, 20) == 1 && recv(s, answer, room, 0) > 0)
			return;
	}
	errno = ETIMEDOUT;
	die("the server does not answer");
}

int bench_udp_echo(char **args)
{
	int s = dial(args[0], args[1], SOCK_DGRAM);
	char buf[64] = "e";

	ask(s, buf, sizeof(buf), buf, sizeof(buf));
	return print_round_trips(s, buf, sizeof(buf), atoi(args[2]));
}

/* As many as the server gets, of those that are sent without a pause. */
int bench_udp_pour(char **args)
{
	int s = dial(args[0], args[1], SOCK_DGRAM), n = atoi(args[2]);
	size_t size = (size_t)atoi(args[3]);
	static char buf[UDP_MAX];
	struct tally t;

	buf[0] = 'q';
	ask(s, buf, 1, &t, sizeof(t));
	buf[0] = 'd';
	for (int i = 0; i < n; i++)
		if (send(s, buf, size, 0) < 0)
			die("send");
	buf[0] = 'q';
	ask(s, buf, 1, &t, sizeof(t));
	if (t.n < 32)
		die("too few arrived");
	printf("{\"messages_per_s\": %.0f, \"arrived\": %.4f}\n",
		(double)t.n * 1e9 / (double)(t.last - t.first), (double)t.n / n);
	close(s);
	return 0;
}
