/* The load of the benchmarks: a plain POSIX program that is run twice, once on
 * the kernel and once under `enchufe run`, by bench/run.py.
 *
 *	netbench serve PORT             one connection at a time, by its first byte:
 *	                                'e' echo each byte, 's' sink the stream and
 *	                                answer one byte at the end of it
 *	netbench echo HOST PORT N       N one-byte round trips: prints the median and
 *	                                the 99th percentile in ns
 *	netbench stream HOST PORT BYTES WRITE   BYTES in writes of WRITE: bytes/s
 *	netbench sink PORT SECONDS      of one connection: bytes/s in the SECONDS from
 *	                                its first byte on, of which it is the judge
 *	netbench pour HOST PORT CC      to it, as fast as it goes, until it has enough,
 *	                                under that congestion control
 *	netbench await HOST PORT        does something listen there?
 *	netbench request HOST PORT N    N times connect, one byte there and back, close:
 *	                                how many a second
 *	netbench udp-serve PORT, udp-echo, udp-pour     as above, with datagrams
 *	netbench hold PORT N, idle HOST PORT N  N connections that do nothing, in epoll
 *	netbench line N                 no sockets: a word there and back between two
 *	                                processors, the floor of every round trip
 *
 * TCP_NODELAY on both ends; CUBIC where the system offers a choice, so that the
 * kernel is not measured with a slower default.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "netbench.h"

#define SINK_BYTES (256 * 1024)

void die(const char *what)
{
	fprintf(stderr, "netbench: %s: %s\n", what, strerror(errno));
	exit(1);
}

int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void tune(int s)
{
	int on = 1;

	if (setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0)
		die("TCP_NODELAY");
	/* Not offered everywhere: the default stays. */
	(void)setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5);
}

static void control(int s, const char *cc)
{
	if (setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, cc,
		(socklen_t)strlen(cc)) < 0)
		die(cc);
}

int dial(const char *host, const char *port, int type)
{
	struct addrinfo hints = { .ai_socktype = type }, *res;
	int err = getaddrinfo(host, port, &hints, &res), s = -1;

	if (err != 0) {
		fprintf(stderr, "netbench: %s: %s\n", host, gai_strerror(err));
		exit(1);
	}
	for (struct addrinfo *a = res; a; a = a->ai_next) {
		s = socket(a->ai_family, type, 0);
		if (s < 0)
			die("socket");
		if (connect(s, a->ai_addr, a->ai_addrlen) == 0)
			break;
		close(s);
		s = -1;
	}
	if (s < 0)
		die("connect");
	freeaddrinfo(res);
	if (type == SOCK_STREAM)
		tune(s);
	return s;
}

static void serve_echo(int c)
{
	char byte;

	while (recv(c, &byte, 1, 0) == 1)
		if (send(c, &byte, 1, 0) != 1)
			return;
}

static void serve_sink(int c)
{
	static char buf[SINK_BYTES];
	ssize_t n;

	while ((n = recv(c, buf, sizeof(buf), 0)) > 0)
		;
	if (n == 0 && send(c, "k", 1, 0) != 1)
		fprintf(stderr, "netbench: send: %s\n", strerror(errno));
}

int listen_on(const char *port)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)atoi(port)) };
	int l = socket(AF_INET6, SOCK_STREAM, 0), on = 1;

	if (l < 0)
		die("socket");
	setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(l, (struct sockaddr *)&a, sizeof(a)) < 0)
		die("bind");
	if (listen(l, 1024) < 0)
		die("listen");
	return l;
}

__attribute__((noreturn)) static void serve(const char *port)
{
	int l = listen_on(port);

	for (;;) {
		int c = accept(l, NULL, NULL);
		char kind;

		if (c < 0)
			die("accept");
		tune(c);
		if (recv(c, &kind, 1, 0) == 1) {
			if (kind == 'e')
				serve_echo(c);
			else
				serve_sink(c);
		}
		close(c);
	}
}

static int by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

void print_times(int64_t *t, int n)
{
	qsort(t, (size_t)n, sizeof(*t), by_value);
	printf("{\"p50_ns\": %lld, \"p99_ns\": %lld}\n", (long long)t[n / 2],
		(long long)t[n - 1 - n / 100]);
}

int print_round_trips(int s, char *buf, size_t size, int n)
{
	int64_t *t = calloc((size_t)n, sizeof(*t));

	if (!t || n < 1)
		die("calloc");
	for (int i = 0; i < n; i++) {
		int64_t start = now_ns();

		if (send(s, buf, size, 0) != (ssize_t)size ||
			recv(s, buf, size, 0) != (ssize_t)size)
			die("round trip");
		t[i] = now_ns() - start;
	}
	print_times(t, n);
	close(s);
	free(t);
	return 0;
}

static int echo(const char *host, const char *port, int n)
{
	int s = dial(host, port, SOCK_STREAM);
	char byte = 'x';

	if (send(s, "e", 1, 0) != 1)
		die("send");
	return print_round_trips(s, &byte, 1, n);
}

static int stream(const char *host, const char *port, int64_t bytes, size_t size)
{
	int s = dial(host, port, SOCK_STREAM);
	char *buf = malloc(size), byte;
	int64_t start, left = bytes;

	if (!buf)
		die("malloc");
	memset(buf, 'd', size);
	if (send(s, "s", 1, 0) != 1)
		die("send");
	start = now_ns();
	while (left > 0) {
		size_t want = left < (int64_t)size ? (size_t)left : size;
		ssize_t n = send(s, buf, want, 0);

		if (n < 0)
			die("send");
		left -= n;
	}
	if (shutdown(s, SHUT_WR) < 0 || recv(s, &byte, 1, 0) != 1)
		die("end of stream");
	printf("{\"bytes_per_s\": %.0f}\n",
		(double)bytes * 1e9 / (double)(now_ns() - start));
	close(s);
	free(buf);
	return 0;
}

static int sink(const char *port, int64_t seconds)
{
	static char buf[SINK_BYTES];
	int c = accept(listen_on(port), NULL, NULL);
	int64_t begin = 0, bytes = 0, now;
	ssize_t n;

	if (c < 0)
		die("accept");
	do {
		n = recv(c, buf, sizeof(buf), 0);
		if (n <= 0)
			die("recv");
		bytes += n;
		now = now_ns();
		begin = begin ? begin : now;
	} while (now - begin < seconds * 1000000000);
	printf("{\"bytes_per_s\": %.0f}\n", (double)bytes * 1e9 / (double)(now - begin));
	return 0;
}

static int pour(const char *host, const char *port, const char *cc)
{
	static char buf[SINK_BYTES];
	int s = dial(host, port, SOCK_STREAM);

	control(s, cc);
	while (send(s, buf, sizeof(buf), 0) > 0)
		;
	if (errno != ECONNRESET && errno != EPIPE)
		die("send");
	return 0;
}

/* --- the commands ----------------------------------------------------------------- */

static int do_serve(char **a)
{
	serve(a[0]);
}

static int do_echo(char **a)
{
	return echo(a[0], a[1], atoi(a[2]));
}

static int do_stream(char **a)
{
	return stream(a[0], a[1], atoll(a[2]), (size_t)atoll(a[3]));
}

static int do_sink(char **a)
{
	return sink(a[0], atoll(a[1]));
}

static int do_pour(char **a)
{
	return pour(a[0], a[1], a[2]);
}

static const struct {
	const char *name;
	int n_args;
	int (*run)(char **args);
	const char *args;
} commands[] = {
	{ "serve", 1, do_serve, "PORT" },
	{ "echo", 3, do_echo, "HOST PORT N" },
	{ "stream", 4, do_stream, "HOST PORT BYTES WRITE" },
	{ "sink", 2, do_sink, "PORT SECONDS" },
	{ "pour", 3, do_pour, "HOST PORT CC" },
	{ "await", 2, bench_await, "HOST PORT" },
	{ "request", 3, bench_request, "HOST PORT N" },
	{ "udp-serve", 1, bench_udp_serve, "PORT" },
	{ "udp-echo", 3, bench_udp_echo, "HOST PORT N" },
	{ "udp-pour", 4, bench_udp_pour, "HOST PORT N SIZE" },
	{ "hold", 2, bench_hold, "PORT N" },
	{ "idle", 3, bench_idle, "HOST PORT N" },
	{ "line", 1, bench_line, "N" },
};

int main(int argc, char **argv)
{
	size_t n = sizeof(commands) / sizeof(commands[0]);

	signal(SIGPIPE, SIG_IGN);
	for (size_t k = 0; k < n; k++)
		if (argc == commands[k].n_args + 2 &&
			strcmp(argv[1], commands[k].name) == 0)
			return commands[k].run(argv + 2);
	for (size_t k = 0; k < n; k++)
		fprintf(stderr, "%s netbench %s %s\n", k ? "      " : "usage:",
			commands[k].name, commands[k].args);
	return 2;
}
