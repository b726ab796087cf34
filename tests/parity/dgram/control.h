/* What the programs about ancillary data share: sending with it, and saying what
 * came. SPDX-License-Identifier: BSD-2-Clause */
#ifndef PARITY_DGRAM_CONTROL_H
#define PARITY_DGRAM_CONTROL_H

#include "../say.h"

#include <linux/errqueue.h>

/* recvmsg() into 64 bytes with `room` bytes for ancillary data: says the result, the
 * flags, the sender, and each message. */
static inline void say_message(int fd, int flags, size_t room);

static inline const char *level_name(int level)
{
	return level == SOL_SOCKET ? "SOL_SOCKET" :
		level == IPPROTO_IP ? "IPPROTO_IP" :
		level == IPPROTO_IPV6 ? "IPPROTO_IPV6" :
		level == IPPROTO_UDP ? "IPPROTO_UDP" : "?";
}

static inline void say_error_report(const struct cmsghdr *c)
{
	struct {
		struct sock_extended_err ee;
		struct sockaddr_in6 from;
	} x = { 0 };

	memcpy(&x, CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0));
	say("    errno %s origin %d type %d code %d info %u data %u",
		error_name((int)x.ee.ee_errno), x.ee.ee_origin, x.ee.ee_type,
		x.ee.ee_code, x.ee.ee_info, x.ee.ee_data);
	if (x.from.sin6_family)
		say("    offender %s", address_text(&x.from,
			x.from.sin6_family == AF_INET ? sizeof(struct sockaddr_in) :
							sizeof(x.from)));
	else
		say("    no offender");
}

static inline void say_pktinfo(const struct cmsghdr *c)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct in6_pktinfo six;
	struct in_pktinfo four;

	if (c->cmsg_level == IPPROTO_IP) {
		memcpy(&four, CMSG_DATA(c), sizeof(four));
		in.sin_addr = four.ipi_addr;
		say("    to %s, interface %d", address_text(&in, sizeof(in)),
			four.ipi_ifindex);
		in.sin_addr = four.ipi_spec_dst;
		say("    answers from %s", address_text(&in, sizeof(in)));
	} else {
		memcpy(&six, CMSG_DATA(c), sizeof(six));
		in6.sin6_addr = six.ipi6_addr;
		say("    to %s, interface %d", address_text(&in6, sizeof(in6)),
			(int)six.ipi6_ifindex);
	}
}

static inline void say_control(const struct cmsghdr *c)
{
	bool whole = c->cmsg_len >= CMSG_LEN(4);
	int value = 0;

	say("  %s %d, %zu bytes", level_name(c->cmsg_level), c->cmsg_type,
		(size_t)(c->cmsg_len - CMSG_LEN(0)));
	if (c->cmsg_level == SOL_SOCKET && c->cmsg_type != SO_RXQ_OVFL)
		return; /* times */
	if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
		(c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR)) {
		say_error_report(c);
	} else if (((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) ||
			(c->cmsg_level == IPPROTO_IPV6 &&
				(c->cmsg_type == IPV6_PKTINFO ||
					c->cmsg_type == IPV6_2292PKTINFO))) &&
		c->cmsg_len >= CMSG_LEN(sizeof(struct in_pktinfo))) {
		say_pktinfo(c);
	} else if (whole && c->cmsg_len == CMSG_LEN(4)) {
		memcpy(&value, CMSG_DATA(c), 4);
		say("    %d", value);
	} else if (c->cmsg_len == CMSG_LEN(1)) {
		say("    %d", *CMSG_DATA(c));
	} else if (c->cmsg_len == CMSG_LEN(sizeof(struct sockaddr_in)) ||
		c->cmsg_len == CMSG_LEN(sizeof(struct sockaddr_in6))) {
		say("    %s", address_text(CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0)));
	}
}

static inline void say_message(int fd, int flags, size_t room)
{
	char data[64], control[512];
	struct iovec v = { data, sizeof(data) };
	struct sockaddr_storage from;
	struct msghdr m = { .msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &v, .msg_iovlen = 1,
		.msg_control = room ? control : NULL, .msg_controllen = room };
	ssize_t n;

	memset(control, 0, sizeof(control));
	settle();
	n = SHOW_AS("recvmsg", recvmsg(fd, &m, flags));
	if (n < 0)
		return;
	say("  %s flags %#x name %s control %zu",
		bytes_text(data, (size_t)n < sizeof(data) ? (size_t)n : sizeof(data)),
		m.msg_flags,
		m.msg_namelen ? address_text(&from, m.msg_namelen) : "none",
		(size_t)m.msg_controllen);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		say_control(c);
}

/* sendmsg() of "hello" with one ancillary message. */
static inline void show_send(const char *what, int fd, const struct place *to,
	int level, int type, const void *value, size_t size)
{
	union {
		struct cmsghdr h;
		char room[128];
	} u = { .h = { .cmsg_level = level, .cmsg_type = type,
		.cmsg_len = CMSG_LEN(size) } };
	struct iovec v = { (char *)"hello", 5 };
	struct msghdr m = { .msg_name = to ? (void *)(uintptr_t)&to->any : NULL,
		.msg_namelen = to ? to->length : 0, .msg_iov = &v,
		.msg_iovlen = 1, .msg_control = &u,
		.msg_controllen = CMSG_SPACE(size) };

	memcpy(CMSG_DATA(&u.h), value, size);
	SHOW_AS(what, sendmsg(fd, &m, 0));
}

static inline void show_send_int(const char *what, int fd, const struct place *to,
	int level, int type, int value)
{
	show_send(what, fd, to, level, type, &value, sizeof(value));
}

static inline void turn_on(int fd, int level, int name)
{
	int one = 1;

	MUST(setsockopt(fd, level, name, &one, sizeof(one)));
}

#endif
