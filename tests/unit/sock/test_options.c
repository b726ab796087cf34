/* The options: every entry of the table set and got, lengths, Linux's errors, and
 * docs/options.md, which must say the same (with OPTIONS_WRITE=FILE in the
 * environment the test writes it instead).
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <sys/time.h>

#include "world.h"

/* A line that is about another kind of socket than this one: raw sockets alone give
 * their header themselves. */
static bool is_others(const struct sock_option_info *o, uint32_t i)
{
	bool raw = at(i)->type == SOCK_RAW;

	return o->level == IPPROTO_IP && o->name == IP_HDRINCL &&
		raw != !strcmp(o->effect, "stack");
}

TEST(options_walk)
{
	struct sock_option_info o;
	uint32_t i[5];
	unsigned n = 0;

	world_init();
	i[0] = tcp();
	i[1] = udp();
	i[2] = make(AF_INET6, SOCK_STREAM, 0);
	i[3] = make(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	i[4] = make(AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE);
	for (unsigned k = 0; sock_option_describe(k, &o); k++) {
		CHECK(o.doc && o.label && o.effect);
		for (int s = 0; s < 5; s++) {
			uint8_t buf[256] = { 0 }, again[256];
			socklen_t len = sizeof(buf), len2;
			int r = is_others(&o, i[s]) ? -ENOPROTOOPT :
				sock_getopt(&env, i[s], o.level, o.name, buf, &len);

			if (r < 0) {
				CHECK(r == -ENOPROTOOPT || r == -ENOTCONN ||
					r == -EOPNOTSUPP ||
					(r == -EINVAL && o.name == SO_NETNS_COOKIE) ||
					((r == -EINVAL || r == -ENODATA) &&
						!strcmp(o.effect, "refused")) ||
					((r == -EINVAL || r == -EADDRNOTAVAIL) &&
						strstr(o.label, "MSFILTER")));
				continue;
			}
			CHECK_INT(len, <=, sizeof(buf));
			n++;
			/* Linux shows these to streams, and that is all. */
			if (at(i[s])->type == SOCK_STREAM &&
				strstr(o.label, "MULTICAST") && o.set)
				continue;
			/* And these to UDP. */
			if (o.level == IPPROTO_UDPLITE && s != 4)
				continue;
			/* None is no key; and no filter. */
			if (o.level == IPPROTO_TCP && o.name == TCP_FASTOPEN_KEY)
				continue;
			/* Of TCP and UDP; others are only shown it. */
			if (o.level == SOL_SOCKET && o.name == SO_ZEROCOPY && s > 2)
				continue;
			if (o.level == SOL_SOCKET && o.name == SO_ATTACH_FILTER)
				continue;
			/* Of raw sockets; others are only shown it. */
			if (strstr(o.label, "ROUTER_ALERT") || strstr(o.label, "NODEFRAG"))
				continue;
			if (o.set && strcmp(o.effect, "refused") != 0) {
				/* What it is, set again, is still it (a buffer's
				 * size is doubled). */
				CHECK_INT(sock_setopt(&env, i[s], o.level, o.name,
					buf, len, &fx), ==, 0);
				len2 = sizeof(again);
				CHECK_INT(sock_getopt(&env, i[s], o.level, o.name,
					again, &len2), ==, 0);
				CHECK_INT(len2, ==, len);
				if (o.name != SO_SNDBUF && o.name != SO_RCVBUF)
					CHECK_MEM(again, buf, len);
			} else if (strcmp(o.effect, "refused") != 0) {
				CHECK_INT(sock_setopt(&env, i[s], o.level, o.name,
					buf, sizeof(buf), &fx), ==, -ENOPROTOOPT);
			}
			if (o.level == IPPROTO_IPV6)
				continue; /* there it is a big one */
			len = (socklen_t)-1;
			CHECK_INT(sock_getopt(&env, i[s], o.level, o.name, buf,
				&len), ==, -EINVAL);
		}
	}
	CHECK_INT(n, >, 80);
}

TEST(options_values)
{
	/* what: 0 stream, 1 datagram, 2 stream of IPv6. r: setsockopt's answer,
	 * get: what getsockopt then shows. */
	static const struct {
		int what, level, name, v, r, get;
	} t[] = {
		{ 0, SOL_SOCKET, SO_REUSEADDR, 7, 0, 1 },
		{ 0, SOL_SOCKET, SO_TYPE, 1, -ENOPROTOOPT, SOCK_STREAM },
		{ 1, SOL_SOCKET, SO_DOMAIN, 1, -ENOPROTOOPT, AF_INET },
		{ 2, SOL_SOCKET, SO_DOMAIN, 1, -ENOPROTOOPT, AF_INET6 },
		{ 1, SOL_SOCKET, SO_PROTOCOL, 1, -ENOPROTOOPT, IPPROTO_UDP },
		{ 0, SOL_SOCKET, SO_SNDBUF, 10000, 0, 20000 },
		{ 0, SOL_SOCKET, SO_SNDBUF, 0, 0, 4608 },
		{ 0, SOL_SOCKET, SO_SNDBUF, -1, 0, 8 << 20 },
		{ 0, SOL_SOCKET, SO_RCVBUF, 1, 0, 2304 },
		{ 1, SOL_SOCKET, SO_RCVBUF, 100 << 20, 0, 8 << 20 },
		{ 0, SOL_SOCKET, SO_RCVLOWAT, 0, 0, 1 },
		{ 0, SOL_SOCKET, SO_SNDLOWAT, 5, -ENOPROTOOPT, 1 },
		{ 0, SOL_SOCKET, SO_DEBUG, 1, -EACCES, 0 },
		{ 0, SOL_SOCKET, 12345, 1, -ENOPROTOOPT, -ENOPROTOOPT },
		{ 0, 12345, 1, 1, -ENOPROTOOPT, -EOPNOTSUPP },
		{ 0, IPPROTO_IP, IP_TTL, 0, -EINVAL, 64 },
		{ 0, IPPROTO_IP, IP_TTL, 256, -EINVAL, 64 },
		{ 0, IPPROTO_IP, IP_TTL, 9, 0, 9 },
		{ 0, IPPROTO_IP, IP_TTL, -1, 0, 64 },
		{ 0, IPPROTO_IP, IP_TOS, 0x13, 0, 0x10 },
		{ 1, IPPROTO_IP, IP_TOS, 0x13, 0, 0x13 },
		{ 1, IPPROTO_IP, IP_MTU_DISCOVER, 6, -EINVAL, 1 },
		{ 1, IPPROTO_IP, IP_MTU, 1, -ENOPROTOOPT, -ENOTCONN },
		{ 0, IPPROTO_IPV6, IPV6_V6ONLY, 1, -ENOPROTOOPT, -EOPNOTSUPP },
		{ 2, IPPROTO_IPV6, IPV6_V6ONLY, 1, 0, 1 },
		{ 2, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 256, -EINVAL, 64 },
		{ 2, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 0, 0, 0 },
		{ 1, IPPROTO_TCP, TCP_NODELAY, 1, -ENOPROTOOPT, -EOPNOTSUPP },
		{ 0, IPPROTO_TCP, TCP_NODELAY, 3, 0, 1 },
		{ 0, IPPROTO_TCP, TCP_KEEPIDLE, 0, -EINVAL, 7200 },
		{ 0, IPPROTO_TCP, TCP_KEEPIDLE, 32768, -EINVAL, 7200 },
		{ 0, IPPROTO_TCP, TCP_KEEPCNT, 128, -EINVAL, 9 },
		{ 0, IPPROTO_TCP, TCP_MAXSEG, 87, -EINVAL, 536 },
		{ 0, IPPROTO_TCP, TCP_MAXSEG, 1000, 0, 1000 },
		{ 0, IPPROTO_TCP, TCP_USER_TIMEOUT, -1, -EINVAL, 0 },
		{ 0, IPPROTO_TCP, TCP_DEFER_ACCEPT, 5, 0, 7 },
		{ 0, IPPROTO_TCP, TCP_LINGER2, 500, 0, 120 },
		{ 0, IPPROTO_TCP, TCP_LINGER2, -5, 0, -1 },
		{ 0, IPPROTO_TCP, TCP_WINDOW_CLAMP, 5, 0, 1152 },
		{ 0, IPPROTO_TCP, TCP_FASTOPEN, 5, 0, 5 },
		{ 0, IPPROTO_TCP, TCP_FASTOPEN, -1, -EINVAL, 0 },
		{ 0, IPPROTO_TCP, TCP_FASTOPEN, 5000, 0, 4096 },
		{ 0, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 2, -EINVAL, 0 },
		{ 0, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1, 0, 1 },
		{ 0, IPPROTO_TCP, TCP_FASTOPEN_NO_COOKIE, 1, 0, 1 },
	};
	uint32_t i[3];

	world_init();
	for (unsigned k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
		int r, g;

		i[0] = tcp();
		i[1] = udp();
		i[2] = make(AF_INET6, SOCK_STREAM, 0);
		env.privileged = false;
		r = set_int(i[t[k].what], t[k].level, t[k].name, t[k].v);
		g = get_int(i[t[k].what], t[k].level, t[k].name);
		if (r != t[k].r || g != t[k].get)
			check_failed(__FILE__, __LINE__,
				"row %u: set %d (want %d), get %d (want %d)", k, r,
				t[k].r, g, t[k].get);
	}
	CHECK_INT(set_int(i[0], SOL_SOCKET, SO_MARK, 1), ==, -EPERM);
	CHECK_INT(set_int(i[0], SOL_SOCKET, SO_PRIORITY, 7), ==, -EPERM);
	CHECK_INT(set_int(i[0], SOL_SOCKET, SO_PRIORITY, 6), ==, 0);
	CHECK_INT(set_int(i[0], SOL_SOCKET, SO_SNDBUFFORCE, 7), ==, -EPERM);
}

TEST(options_lengths)
{
	char c[32];
	socklen_t len;
	uint32_t i;
	int one = 1;

	world_init();
	i = tcp();
	CHECK_INT(sock_setopt(&env, i, SOL_SOCKET, SO_REUSEADDR, &one, 3, &fx), ==,
		-EINVAL);
	CHECK_INT(sock_setopt(&env, i, SOL_SOCKET, 12345, &one, 3, &fx), ==,
		-EINVAL);
	CHECK_INT(sock_setopt(&env, i, IPPROTO_TCP, TCP_NODELAY, &one, 0, &fx), ==,
		-EINVAL);
	CHECK_INT(sock_setopt(&env, i, IPPROTO_IP, IP_TTL, &one, 1, &fx), ==, 0);
	CHECK_INT(sock_setopt(&env, i, IPPROTO_IP, IP_TTL, &one, 0, &fx), ==,
		-EINVAL);
	CHECK_INT(get_int(i, IPPROTO_IP, IP_TTL), ==, 1);
	len = 1;
	CHECK_INT(sock_getopt(&env, i, IPPROTO_IP, IP_TTL, c, &len), ==, 0);
	CHECK_INT(len, ==, 1);
	CHECK_INT(c[0], ==, 1);
	len = 2;
	CHECK_INT(sock_getopt(&env, i, SOL_SOCKET, SO_TYPE, c, &len), ==, 0);
	CHECK_INT(len, ==, 2);
	len = 32;
	CHECK_INT(sock_getopt(&env, i, SOL_SOCKET, SO_TYPE, c, &len), ==, 0);
	CHECK_INT(len, ==, 4);
}

TEST(options_shapes)
{
	struct timeval tv = { 1, 500000 }, got;
	struct linger lg = { 1, 5 };
	struct tcp_info ti;
	socklen_t len = sizeof(got);
	uint32_t a, b, l;
	char name[16];

	world_init();
	pair_of(&a, &b, &l);
	CHECK_INT(sock_setopt(&env, a, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv),
		&fx), ==, 0);
	CHECK_INT(at(a)->opts.rcvtimeo_us, ==, 1500000);
	CHECK_INT(sock_getopt(&env, a, SOL_SOCKET, SO_RCVTIMEO, &got, &len), ==, 0);
	CHECK_MEM(&got, &tv, sizeof(tv));
	tv.tv_usec = 1000000;
	CHECK_INT(sock_setopt(&env, a, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv),
		&fx), ==, -EDOM);
	CHECK_INT(sock_setopt(&env, a, SOL_SOCKET, SO_RCVTIMEO, &tv, 8, &fx), ==,
		-EINVAL);
	tv = (struct timeval){ -1, 0 };
	CHECK_INT(sock_setopt(&env, a, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv),
		&fx), ==, 0);
	CHECK_INT(at(a)->opts.sndtimeo_us, ==, -1);
	CHECK_INT(sock_setopt(&env, a, SOL_SOCKET, SO_LINGER, &lg, 4, &fx), ==,
		-EINVAL);
	CHECK_INT(sock_setopt(&env, a, SOL_SOCKET, SO_LINGER, &lg, 8, &fx), ==, 0);
	CHECK_INT(at(a)->opts.linger_s, ==, 5);
	len = sizeof(name);
	CHECK_INT(sock_setopt(&env, a, IPPROTO_TCP, TCP_CONGESTION, "reno", 4, &fx),
		==, 0);
	CHECK_INT(sock_getopt(&env, a, IPPROTO_TCP, TCP_CONGESTION, name, &len), ==,
		0);
	CHECK_STR(name, "reno");
	CHECK_INT(sock_setopt(&env, a, IPPROTO_TCP, TCP_CONGESTION, "bbr", 3, &fx),
		==, 0);
	CHECK_INT(sock_setopt(&env, a, IPPROTO_TCP, TCP_CONGESTION, "vegas", 5, &fx),
		==, -ENOENT);
	len = sizeof(ti);
	CHECK_INT(sock_getopt(&env, a, IPPROTO_TCP, TCP_INFO, &ti, &len), ==, 0);
	CHECK_INT(ti.tcpi_state, ==, TCP_ESTABLISHED);
	sock_shutdown(&env, b, SHUT_WR, &fx);
	CHECK_INT(sock_getopt(&env, a, IPPROTO_TCP, TCP_INFO, &ti, &len), ==, 0);
	CHECK_INT(ti.tcpi_state, ==, TCP_CLOSE_WAIT);
	CHECK_INT(sock_setopt(&env, a, SOL_SOCKET, SO_BINDTODEVICE, "eth9", 4, &fx),
		==, -ENODEV);
}

static const char intro[] =
	"# Socket options\n"
	"\n"
	"What `getsockopt` and `setsockopt` know. Everything else is refused with\n"
	"ENOPROTOOPT; nothing is accepted silently. *Effect*: **yes** honoured by the\n"
	"socket layer, **stack** handed to the TCP/IP of the service for connections\n"
	"that leave the host, **none** accepted without effect, **refused** always an\n"
	"error. This file is checked against `src/sock/option_table*.c`, and against the\n"
	"options that Linux's headers name.\n"
	"\n"
	"| level | option | get | set | effect | |\n"
	"|---|---|---|---|---|---|\n";

static const char *level_name(int level)
{
	switch (level) {
	case SOL_SOCKET:
		return "SOL_SOCKET";
	case IPPROTO_IP:
		return "IPPROTO_IP";
	case IPPROTO_IPV6:
		return "IPPROTO_IPV6";
	case IPPROTO_UDP:
		return "IPPROTO_UDP";
	case IPPROTO_UDPLITE:
		return "IPPROTO_UDPLITE";
	case SOL_PACKET:
		return "SOL_PACKET";
	case 255:
		return "SOL_RAW";
	case IPPROTO_ICMPV6:
		return "IPPROTO_ICMPV6";
	default:
		return "IPPROTO_TCP";
	}
}

TEST(options_manual)
{
	static char want[65536], have[65536];
	struct sock_option_info o;
	const char *out = getenv("OPTIONS_WRITE");
	size_t n = (size_t)snprintf(want, sizeof(want), "%s", intro);
	FILE *f;

	for (unsigned k = 0; sock_option_describe(k, &o); k++)
		n += (size_t)snprintf(want + n, sizeof(want) - n,
			"| %s | %s | %s | %s | %s | %s |\n", level_name(o.level),
			o.label, o.get ? "yes" : "", o.set ? "yes" : "", o.effect,
			o.doc);
	f = fopen(out ? out : OPTIONS_MD, out ? "w" : "r");
	CHECK(f != NULL);
	if (out) {
		CHECK_INT(fwrite(want, 1, n, f), ==, n);
		fclose(f);
		return;
	}
	have[fread(have, 1, sizeof(have) - 1, f)] = 0;
	fclose(f);
	CHECK_STR(have, want);
}

static bool seen_before(unsigned k, const struct sock_option_info *o)
{
	struct sock_option_info other;

	for (unsigned j = 0; j < k && sock_option_describe(j, &other); j++) {
		if (other.level == o->level && other.name == o->name)
			return true;
	}
	return false;
}

/* For whoever reads the log: how many there are of each class. */
TEST(options_counted)
{
	static const char *const effects[] = { "yes", "stack", "none", "refused" };
	unsigned n[4] = { 0 };
	struct sock_option_info o;

	for (unsigned k = 0; sock_option_describe(k, &o); k++) {
		for (unsigned e = 0; e < 4; e++)
			n[e] += !seen_before(k, &o) && !strcmp(o.effect, effects[e]);
	}
	/* tools/summary.py adds these up. */
	printf("\n# count: %u options honoured\n# count: %u options refused\n"
		"# count: %u options without effect\n", n[0] + n[1], n[3], n[2]);
	CHECK_INT(n[0] + n[1], >, n[2]);
}
