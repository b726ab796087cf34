/* enchufe ping: becomes `enchufe ping-here` under the shim, an ordinary program
 * with an echo datagram socket (the system's ping is often set-uid, and then
 * cannot be joined).
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <netdb.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

#define PAYLOAD 56	/* bytes after the ICMP header, as ping's */
#define REPLY_WAIT 10.0 /* s, for the last reply */
#define INTERVAL_MIN 0.001 /* s */

int cmd_ping(int argc, char **argv)
{
	static const struct option options[] = {
		{ "net", required_argument, NULL, 'n' },
		{ "on", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 },
	};
	char *here[8] = { NULL, (char *)(uintptr_t)"ping-here" };
	static char self[4096];
	const char *count = "0", *interval = "1";
	struct join j = { 0 };
	int c;

	while ((c = getopt_long(argc, argv, "+c:i:", options, NULL)) != -1) {
		if (c == 'n')
			j.net = optarg;
		else if (c == 'o')
			j.host = optarg;
		else if (c == 'c')
			count = optarg;
		else if (c == 'i')
			interval = optarg;
		else
			return cli_usage("ping");
	}
	if (argc - optind != 1 || !where_self(self, sizeof(self)))
		return cli_usage("ping");
	here[0] = self;
	here[2] = (char *)(uintptr_t)count;
	here[3] = (char *)(uintptr_t)interval;
	here[4] = argv[optind];
	return join_exec(&j, here);
}

/* --- once joined ------------------------------------------------------------------- */

struct ping {
	int fd;
	int family;
	const char *name;
	char addr[NI_MAXHOST];
	uint16_t seq; /* of the next request */
	unsigned long sent, received;
	double min, max, sum, sum2; /* ms */
};

struct message {
	uint8_t type, code;
	uint16_t checksum, id, seq;
	double sent_at; /* s, our clock */
	uint8_t fill[PAYLOAD - sizeof(double)];
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int sig)
{
	(void)sig;
	interrupted = 1;
}

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static bool ping_open(struct ping *p)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };
	struct addrinfo *ai;
	int err = getaddrinfo(p->name, NULL, &hints, &ai);

	if (err) {
		cli_error("%s: %s", p->name, gai_strerror(err));
		return false;
	}
	p->family = ai->ai_family;
	getnameinfo(ai->ai_addr, ai->ai_addrlen, p->addr, sizeof(p->addr), NULL, 0,
		NI_NUMERICHOST);
	p->fd = socket(p->family, SOCK_DGRAM | SOCK_CLOEXEC,
		p->family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
	if (p->fd < 0 || connect(p->fd, ai->ai_addr, ai->ai_addrlen) < 0) {
		cli_error("%s: %s", p->name, strerror(errno));
		freeaddrinfo(ai);
		return false;
	}
	freeaddrinfo(ai);
	return true;
}

static void ping_send(struct ping *p)
{
	struct message m = {
		.type = p->family == AF_INET6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO,
		.seq = htons(++p->seq),
		.sent_at = seconds(),
	};

	for (size_t i = 0; i < sizeof(m.fill); i++)
		m.fill[i] = (uint8_t)i;
	p->sent++;
	if (send(p->fd, &m, sizeof(m), 0) < 0)
		printf("From %s: %s\n", p->name, strerror(errno));
}

static void ping_receive(struct ping *p)
{
	struct message m;
	ssize_t n = recv(p->fd, &m, sizeof(m), MSG_DONTWAIT);
	double ms;

	if (n < 0 && errno != EAGAIN && errno != EINTR)
		printf("From %s: %s\n", p->addr, strerror(errno));
	if (n != (ssize_t)sizeof(m) || (m.type != ICMP_ECHOREPLY &&
			m.type != ICMP6_ECHO_REPLY))
		return;
	ms = (seconds() - m.sent_at) * 1000;
	printf("%zd bytes from %s: icmp_seq=%u time=%.3f ms\n",
		n, p->addr, ntohs(m.seq), ms);
	p->received++;
	p->min = p->received == 1 || ms < p->min ? ms : p->min;
	p->max = ms > p->max ? ms : p->max;
	p->sum += ms;
	p->sum2 += ms * ms;
}

/* Receive until that time, or until an answer to each request if `last`. */
static void ping_wait(struct ping *p, double until, bool last)
{
	struct pollfd pfd = { .fd = p->fd, .events = POLLIN };

	while (!interrupted && !(last && p->received >= p->sent)) {
		double left = until - seconds();

		if (left <= 0)
			return;
		if (poll(&pfd, 1, (int)ceil(left * 1000)) > 0)
			ping_receive(p);
		fflush(stdout);
	}
}

static void ping_report(const struct ping *p)
{
	double n = (double)p->received, mean = n > 0 ? p->sum / n : 0;

	printf("\n--- %s ping statistics ---\n", p->name);
	printf("%lu packets transmitted, %lu received, %.4g%% packet loss\n", p->sent,
		p->received, p->sent ?
		100.0 - 100.0 * n / (double)p->sent : 0);
	if (p->received)
		printf("rtt min/avg/max/mdev = %.3f/%.3f/%.3f/%.3f ms\n", p->min,
			mean, p->max, sqrt(fmax(0, p->sum2 / n - mean * mean)));
}

/* ping-here COUNT INTERVAL HOST; only `enchufe ping` calls it so. */
int cmd_ping_here(int argc, char **argv)
{
	struct ping p = { .fd = -1 };
	struct sigaction sa = { .sa_handler = on_interrupt };
	unsigned long count;
	double interval, next;
	char *end1, *end2;

	if (argc != 4)
		return cli_usage("ping");
	count = strtoul(argv[1], &end1, 10);
	interval = strtod(argv[2], &end2);
	if (*end1 || *end2 || argv[1][0] == '-' || !(interval >= INTERVAL_MIN))
		return cli_usage("ping");
	p.name = argv[3];
	if (!ping_open(&p))
		return CLI_USAGE;
	sigaction(SIGINT, &sa, NULL);
	printf("PING %s (%s) %d data bytes\n", p.name, p.addr, PAYLOAD);
	next = seconds();
	while (!interrupted && (!count || p.sent < count)) {
		bool last;

		ping_send(&p);
		next += interval;
		last = p.sent == count;
		ping_wait(&p, last ? seconds() + REPLY_WAIT : next, last);
	}
	ping_report(&p);
	close(p.fd);
	return p.received ? 0 : CLI_FAILED;
}
