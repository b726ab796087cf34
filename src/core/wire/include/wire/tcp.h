/* The TCP header (RFC 9293 3.1) and the options that we know: maximum segment
 * size, window scale and timestamps (RFC 7323), selective acknowledgement
 * (RFC 2018), fast open's cookie (RFC 7413, also in RFC 6994's experimental form).
 * Unknown options are skipped (RFC 9293 3.1). Options that are malformed are
 * treated as Linux treats them: one of a wrong length is ignored, and one whose
 * length cannot be (RFC 9293 MUST-7) ends the list. The checksum is not looked at.
 *
 * Sans-IO, no allocation. SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_TCP_H
#define WIRE_TCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/seq.h"

enum tcp_flag {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_PSH = 0x08,
	TCP_ACK = 0x10,
	TCP_URG = 0x20,
	TCP_ECE = 0x40,
	TCP_CWR = 0x80,
};

enum {
	TCP_HEADER_MIN = 20, /* bytes without options */
	TCP_HEADER_MAX = 60,
	TCP_CHECKSUM_AT = 16, /* offset of the field */
	TCP_SACK_MAX = 4,     /* blocks that fit the options (RFC 2018 3) */
	TCP_WSCALE_NONE = -1,
	TCP_WSCALE_MAX = 14, /* RFC 7323 2.3 */
};

enum {
	TCP_COOKIE_MIN = 4, /* bytes, RFC 7413 2 */
	TCP_COOKIE_MAX = 16,
};

/* Fast open's option: empty, it asks for a cookie. */
struct tcp_cookie {
	bool there;
	bool exp; /* in the experimental form */
	uint8_t len; /* 0, or MIN..MAX and even */
	uint8_t bytes[TCP_COOKIE_MAX];
};

struct tcp_sack {
	struct seq from;
	struct seq to; /* the number after the block's last */
};

struct tcp_header {
	uint16_t sport, dport;
	struct seq seq, ack;
	uint8_t flags; /* set of enum tcp_flag */
	uint16_t wnd;  /* the field, unscaled */
	uint16_t urgent;
	/* These three and the cookie are of SYNs alone; elsewhere ignored. */
	uint16_t mss;	/* 0: option absent */
	int8_t wscale;	/* TCP_WSCALE_NONE: option absent */
	bool sack_ok;	/* SACK-permitted */
	struct tcp_cookie fo; /* emitted if it fits behind the others */
	bool has_ts;
	uint32_t tsval, tsecr;
	uint8_t nsack;
	struct tcp_sack sack[TCP_SACK_MAX];
};

/* Returns the header's length in bytes (where the payload starts), -EINVAL when
 * it is truncated or malformed. h is then undefined. */
int tcp_header_parse(const void *data, size_t len, struct tcp_header *h);
/* Bytes that h will take, a multiple of four, at most TCP_HEADER_MAX given that
 * SACK blocks are at most 4, or 3 beside timestamps. */
size_t tcp_header_size(const struct tcp_header *h);
/* Writes the header with a checksum of zero; returns tcp_header_size(). */
size_t tcp_header_emit(const struct tcp_header *h, uint8_t buf[TCP_HEADER_MAX]);

#endif
