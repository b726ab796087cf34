/* Of the programs about options: one option on a socket of each kind, its default,
 * values, and lengths. Sockets are fresh for each question.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef PARITY_EACH_H
#define PARITY_EACH_H

#include "../say.h"

/* Of <linux/in6.h>, which does not go with <netinet/in.h>. */
#ifndef IPV6_FLOWINFO_SEND
#define IPV6_FLOWINFO_SEND 33
#endif

#define N(a) ((int)(sizeof(a) / sizeof((a)[0])))

enum { TCP4 = 1, UDP4 = 2, TCP6 = 4, UDP6 = 8, TCPS = 5, UDPS = 10, V6S = 12, ALL = 15 };

static const struct {
	const char *name;
	int domain, type;
} each_kinds[] = {
	{ "tcp4", AF_INET, SOCK_STREAM },
	{ "udp4", AF_INET, SOCK_DGRAM },
	{ "tcp6", AF_INET6, SOCK_STREAM },
	{ "udp6", AF_INET6, SOCK_DGRAM },
};

static inline int each_socket(int k)
{
	return MUST(socket(each_kinds[k].domain, each_kinds[k].type, 0));
}

/* A list of IPv4's options. */
struct each_list {
	const char *what;
	socklen_t len;
	uint8_t o[40];
};

/* Bytes in hexadecimal. */
static inline const char *each_hex(const unsigned char *b, socklen_t n)
{
	static char text[256];
	int at = 0;

	text[0] = 0;
	for (socklen_t k = 0; k < n && k < 64; k++)
		at += sprintf(text + at, "%02x", b[k]);
	return text;
}

static inline void each_get(const char *what, int fd, int level, int name,
	socklen_t room)
{
	unsigned char b[128];
	socklen_t n = room;
	int r;

	memset(b, 0xee, sizeof(b));
	r = getsockopt(fd, level, name, b, &n);
	if (r < 0)
		say("%s: get %u: %s", what, room, error_name(errno));
	else
		say("%s: get %u: %u bytes %s", what, room, n, each_hex(b, n));
	if (r == 0 && n < sizeof(b) && b[room < 128 ? room : 127] != 0xee)
		say("%s: get %u wrote beyond", what, room);
}

static inline void each_value(const char *what, int fd, int level, int name, int v)
{
	int r = setsockopt(fd, level, name, &v, sizeof(v)), have = -77, e = errno;
	socklen_t n = sizeof(have);

	if (r < 0) {
		say("%s: set %d: %s", what, v, error_name(e));
		return;
	}
	r = getsockopt(fd, level, name, &have, &n);
	if (r < 0)
		say("%s: set %d, get: %s", what, v, error_name(errno));
	else
		say("%s: set %d, get %d (%u)", what, v, have, n);
}

static inline void each_lengths(const char *what, int k, int level, int name)
{
	static const socklen_t rooms[] = { 0, 1, 2, 3, 4, 5, 8, 16, (socklen_t)-1 };
	long long one[4] = { 1, 0, 0, 0 };

	for (int j = 0; j < N(rooms); j++) {
		int fd = each_socket(k);
		int r = setsockopt(fd, level, name, one, rooms[j]);

		say("%s: set with %d bytes: %s", what, (int)rooms[j],
			r < 0 ? error_name(errno) : "0");
		if ((int)rooms[j] >= 0)
			each_get(what, fd, level, name, rooms[j]);
		close(fd);
	}
}

/* Everything about an option that is an int. */
static inline void each_int(int kinds, const char *label, int level, int name,
	const int *values, int n)
{
	for (int k = 0; k < N(each_kinds); k++) {
		char what[64];
		int fd;

		if (!(kinds & 1 << k))
			continue;
		snprintf(what, sizeof(what), "%s %s", each_kinds[k].name, label);
		fd = each_socket(k);
		each_get(what, fd, level, name, 4);
		close(fd);
		for (int j = 0; j < n; j++) {
			fd = each_socket(k);
			each_value(what, fd, level, name, values[j]);
			close(fd);
		}
		each_lengths(what, k, level, name);
	}
}

#define EACH(kinds, level, name, ...)                                            \
	do {                                                                     \
		static const int values_[] = { __VA_ARGS__ };                    \
		each_int(kinds, #name, level, name, values_, N(values_));        \
	} while (0)

#endif
