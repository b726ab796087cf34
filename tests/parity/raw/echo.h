/* ICMP messages for raw sockets.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef PARITY_RAW_ECHO_H
#define PARITY_RAW_ECHO_H

#include "../say.h"

static inline uint16_t inet_sum(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint32_t sum = 0;

	for (size_t k = 0; k < len; k++)
		sum += k % 2 ? p[k] : (uint32_t)p[k] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/* An echo request of 16 bytes: type, code, checksum, id 77, seq, "payload!". */
static inline void echo_request(uint8_t out[16], uint8_t type, uint16_t seq)
{
	uint16_t sum;

	memset(out, 0, 16);
	out[0] = type;
	out[5] = 77;
	out[7] = (uint8_t)seq;
	memcpy(out + 8, "payload!", 8);
	sum = inet_sum(out, 16);
	memcpy(out + 2, &sum, 2);
}

/* Receives what comes within a moment and says it: IPv4's header in parts. */
static inline void say_packets(int fd, bool v4)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint8_t b[2048];

	while (poll(&p, 1, 300) == 1) {
		struct sockaddr_storage from = { 0 };
		socklen_t len = sizeof(from);
		ssize_t n = recvfrom(fd, b, sizeof(b), 0, (void *)&from, &len);

		if (n < 0) {
			say("  %s", error_name(errno));
			return;
		}
		say("  %zd bytes from %s", n, address_text(&from, len));
		if (v4)
			say("  header %x tos %x len %u frag %x ttl %u proto %u sum %s",
				b[0], b[1], b[2] << 8 | b[3], b[6] << 8 | b[7], b[8],
				b[9], inet_sum(b, 20) == 0 ? "right" : "wrong");
		say("  %s", bytes_text(b + (v4 ? 20 : 0), (size_t)n - (v4 ? 20 : 0)));
	}
}

#endif
