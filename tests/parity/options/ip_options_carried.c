/* IP_OPTIONS on datagrams: what the receiver is told (IP_RECVOPTS, IP_RETOPTS), what
 * a raw socket sees, and how long a datagram may then be.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../dgram/control.h"
#include "each.h"

static void hear(int fd)
{
	uint8_t room[256], text[64];
	struct iovec iov = { text, sizeof(text) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof(room) };
	int n = MUST(recvmsg(fd, &m, 0));

	say("%d bytes, flags %x", n, (unsigned)m.msg_flags);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		uint8_t *o = CMSG_DATA(c);
		socklen_t len = (socklen_t)(c->cmsg_len - CMSG_LEN(0));

		/* Of a time stamp the time is not compared. */
		if (len >= 8 && o[0] == 0x44 && (o[3] & 0xf) == 0)
			memset(o + 4, 0x77, 4);
		if (len >= 12 && o[0] == 0x44 && (o[3] & 0xf) == 1)
			for (int k = 8; k < o[1]; k += 8)
				memset(o + k, o[2] > k ? 0x77 : o[k], 4);
		say("  %d: %s", c->cmsg_type, each_hex(o, len));
	}
}

static void send_with(int fd, const struct place *to, const uint8_t *o, size_t len)
{
	uint8_t room[CMSG_SPACE(44)] = { 0 };
	struct iovec iov = { (char *)"abc", 3 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
		.msg_name = (void *)(uintptr_t)&to->any, .msg_namelen = to->length,
		.msg_control = room, .msg_controllen = CMSG_SPACE(len) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = IPPROTO_IP;
	c->cmsg_type = IP_RETOPTS;
	c->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(c), o, len);
	SHOW(sendmsg(fd, &m, 0));
}

static const struct each_list lists[] = {
	{ "no operation", 3, { 1, 1, 1 } },
	{ "one slot", 7, { 7, 7, 4 } },
	{ "two slots", 11, { 7, 11, 4 } },
	{ "nine slots", 39, { 7, 39, 4 } },
	{ "no slot left", 7, { 7, 7, 8, 9, 9, 9, 9 } },
	{ "router alert", 4, { 0x94, 4, 0, 0 } },
	{ "alert and record", 15, { 0x94, 4, 0, 0, 7, 11, 4 } },
	{ "time", 8, { 0x44, 8, 5, 0 } },
	{ "time, full", 4, { 0x44, 4, 5, 0x20 } },
	{ "time and address", 12, { 0x44, 12, 5, 1 } },
	{ "and three of them", 28, { 0x44, 28, 5, 1 } },
	{ "of another host", 12, { 0x44, 12, 5, 3, 198, 51, 100, 7 } },
};

static void lengths(int a, const struct place *to)
{
	static uint8_t bytes[65535];
	static const uint8_t four[4] = { 1, 1, 1, 0 };

	MUST(setsockopt(a, IPPROTO_IP, IP_OPTIONS, four, 4));
	SHOW(sendto(a, bytes, 65503, 0, &to->any, to->length));
	SHOW(sendto(a, bytes, 65504, 0, &to->any, to->length));
	MUST(setsockopt(a, IPPROTO_IP, IP_OPTIONS, NULL, 0));
	SHOW(sendto(a, bytes, 65507, 0, &to->any, to->length));
}

static void raw_sees(void)
{
	static const uint8_t two[11] = { 7, 11, 4 };
	struct place to = loopback(AF_INET, 0);
	int fd = MUST(socket(AF_INET, SOCK_RAW, 253)), one = 1;
	uint8_t packet[128];

	MUST(setsockopt(fd, IPPROTO_IP, IP_OPTIONS, two, sizeof(two)));
	turn_on(fd, IPPROTO_IP, IP_RECVOPTS);
	SHOW(sendto(fd, "raw", 3, 0, &to.any, to.length));
	SHOW(recv(fd, packet, sizeof(packet), MSG_PEEK));
	say("%02x, %s", packet[0], each_hex(packet + 12, 23));
	hear(fd);
	MUST(setsockopt(fd, IPPROTO_IP, IP_HDRINCL, &one, sizeof(one)));
	SHOW(sendto(fd, packet, 35, 0, &to.any, to.length));
}

int main(void)
{
	static const uint8_t loose[7] = { 0x83, 3, 4 };
	int a = dgram_socket(AF_INET), b = dgram_socket(AF_INET);
	struct place at = loopback(AF_INET, 0);

	MUST(bind(b, &at.any, at.length));
	at = own_place(b);
	turn_on(b, IPPROTO_IP, IP_RECVOPTS);
	turn_on(b, IPPROTO_IP, IP_RETOPTS);
	for (int k = 0; k < N(lists); k++) {
		say("%s", lists[k].what);
		MUST(setsockopt(a, IPPROTO_IP, IP_OPTIONS, lists[k].o, lists[k].len));
		MUST(sendto(a, "abcd", 4, 0, &at.any, at.length));
		hear(b);
	}
	say("for one datagram");
	send_with(a, &at, lists[2].o, lists[2].len);
	hear(b);
	send_with(a, &at, loose, sizeof(loose));
	MUST(setsockopt(a, IPPROTO_IP, IP_OPTIONS, lists[1].o, lists[1].len));
	say("more and more");
	MUST(sendto(a, "abcd", 4, MSG_MORE, &at.any, at.length));
	MUST(setsockopt(a, IPPROTO_IP, IP_OPTIONS, NULL, 0));
	MUST(sendto(a, "efgh", 4, 0, &at.any, at.length));
	hear(b);
	lengths(a, &at);
	raw_sees();
}
