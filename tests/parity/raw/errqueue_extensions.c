/* IP_RECVERR_RFC4884: where the ICMP extensions of an error begin, as the error queue of
 * a UDP socket tells; forged errors, some of them wrong. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../dgram/control.h"

#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>

#ifndef IP_RECVERR_RFC4884
#define IP_RECVERR_RFC4884 26
#endif
#ifndef IPV6_RECVERR_RFC4884
#define IPV6_RECVERR_RFC4884 31
#endif

struct forged {
	const char *name;
	int type; /* of IPv4; 0: destination unreachable, in both */
	int words; /* what is said of the quote's length: by 4 bytes, of IPv6 by 8 */
	int quote; /* bytes of it */
	int version, length; /* of the structure, of its object */
	int wrong; /* its checksum: 1 wrong, -1 none */
	int bytes; /* of structure and object */
};

static const struct forged all[] = {
	{ "none", 0, 0, 128, 0, 0, 0, 0 },
	{ "one object", 0, 32, 128, 2, 8, 0, 12 },
	{ "without a checksum", 0, 32, 128, 2, 8, -1, 12 },
	{ "a wrong checksum", 0, 32, 128, 2, 8, 1, 12 },
	{ "another version", 0, 32, 128, 3, 8, 1, 12 },
	{ "an object of no length", 0, 32, 128, 2, 0, 0, 12 },
	{ "an object that is cut off", 0, 32, 128, 2, 12, 0, 12 },
	{ "half a header of an object", 0, 32, 128, 2, 8, 0, 14 },
	{ "no object", 0, 32, 128, 2, 0, 0, 4 },
	{ "half a structure", 0, 32, 128, 2, 0, -1, 2 },
	{ "a shorter quote", 0, 24, 96, 2, 8, 0, 12 },
	{ "a longer quote", 0, 40, 160, 2, 8, 0, 12 },
	{ "beyond the end", 0, 60, 128, 2, 8, 0, 12 },
	{ "time exceeded", ICMP_TIME_EXCEEDED, 32, 128, 2, 8, 0, 12 },
	{ "parameter problem", ICMP_PARAMETERPROB, 32, 128, 2, 8, 0, 12 },
};

static void put16(unsigned char *p, unsigned v)
{
	p[0] = (unsigned char)(v >> 8);
	p[1] = (unsigned char)v;
}

static unsigned total(const unsigned char *p, size_t n)
{
	unsigned s = 0;

	for (size_t k = 0; k < n; k++)
		s += k % 2 ? p[k] : (unsigned)p[k] << 8;
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return ~s & 0xffff;
}

/* The start of a datagram from `from` to `to`, and zeros. */
static void put_quote(unsigned char *p, int family, const struct place *from,
	const struct place *to)
{
	unsigned char *udp = p + (family == AF_INET ? 20 : 40);

	if (family == AF_INET) {
		p[0] = 0x45;
		put16(p + 2, 33);
		p[8] = 64;
		p[9] = IPPROTO_UDP;
		memcpy(p + 12, &from->v4.sin_addr, 4);
		memcpy(p + 16, &to->v4.sin_addr, 4);
		put16(p + 10, total(p, 20));
	} else {
		p[0] = 0x60;
		put16(p + 4, 13);
		p[6] = IPPROTO_UDP;
		p[7] = 64;
		memcpy(p + 8, &from->v6.sin6_addr, 16);
		memcpy(p + 24, &to->v6.sin6_addr, 16);
	}
	put16(udp, (unsigned)place_port(from));
	put16(udp + 2, (unsigned)place_port(to));
	put16(udp + 4, 13);
	memcpy(udp + 8, "words", 5);
}

static void put_structure(unsigned char *p, const struct forged *f)
{
	if (f->bytes < 1)
		return;
	p[0] = (unsigned char)(f->version << 4);
	if (f->bytes > 4)
		put16(p + 4, (unsigned)f->length);
	if (f->wrong >= 0)
		put16(p + 2, total(p, (size_t)f->bytes) ^ (unsigned)f->wrong);
}

static void forge(int raw, int family, const struct forged *f, const struct place *from,
	const struct place *to)
{
	unsigned char b[512] = { 0 };
	size_t n = 8 + (size_t)(f->quote + f->bytes);
	struct place at = with_port(*from, 0);

	if (family == AF_INET) {
		b[0] = (unsigned char)(f->type ? f->type : ICMP_DEST_UNREACH);
		b[1] = f->type ? 0 : ICMP_PORT_UNREACH;
		b[5] = (unsigned char)f->words;
	} else {
		b[0] = f->type ? ICMP6_TIME_EXCEEDED : ICMP6_DST_UNREACH;
		b[1] = f->type ? 0 : ICMP6_DST_UNREACH_NOPORT;
		b[4] = (unsigned char)(f->words / 2);
	}
	put_quote(b + 8, family, from, to);
	put_structure(b + 8 + f->quote, f);
	if (family == AF_INET)
		put16(b + 2, total(b, n));
	MUST((int)sendto(raw, b, n, 0, &at.any, at.length));
}

/* With all that is quoted. */
static void say_report(int fd)
{
	char b[512], control[256];
	struct iovec v = { b, sizeof(b) };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof(control) };
	int n = MUST((int)recvmsg(fd, &m, MSG_ERRQUEUE));

	say("%d bytes, flags %#x, %.5s", n, (unsigned)m.msg_flags, b);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		say_control(c);
}

static void look(int family, int asked)
{
	bool four = family == AF_INET;
	int level = four ? IPPROTO_IP : IPPROTO_IPV6;
	int fd = dgram_socket(family);
	int raw = MUST(socket(family, SOCK_RAW, four ? IPPROTO_ICMP : IPPROTO_ICMPV6));
	struct place from = loopback(family, 0), to = loopback(family, 9);

	say("family %d, asked %d", family, asked);
	MUST(bind(fd, &from.any, from.length));
	from = own_place(fd);
	MUST(connect(fd, &to.any, to.length));
	turn_on(fd, level, four ? IP_RECVERR : IPV6_RECVERR);
	if (asked)
		turn_on(fd, level, four ? IP_RECVERR_RFC4884 : IPV6_RECVERR_RFC4884);
	for (unsigned k = 0; k < sizeof(all) / sizeof(all[0]); k++) {
		if (!four && all[k].type && all[k].type != ICMP_TIME_EXCEEDED)
			continue;
		say("%s", all[k].name);
		forge(raw, family, &all[k], &from, &to);
		await(fd, POLLERR);
		say_report(fd);
	}
	close(raw);
	close(fd);
}

int main(void)
{
	look(AF_INET, 0);
	look(AF_INET, 1);
	look(AF_INET6, 0);
	look(AF_INET6, 1);
	return 0;
}
