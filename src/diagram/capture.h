/* Capture files as libpcap and Wireshark know them: pcap in either byte order with
 * micro- or nanoseconds, and pcapng (draft-ietf-opsawg-pcapng) with its names,
 * directions and comments, which say what became of a packet and which libpcap does
 * not give. Whatever the bytes are, reading them ends in packets or in an error.
 *
 * The bytes stay the caller's and must outlive the capture: packets point into them.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef DIAGRAM_CAPTURE_H
#define DIAGRAM_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CAPTURE_NAME_MAX 128 /* bytes, with zero */
#define CAPTURE_WHY_MAX 160

enum { /* link types that we can read (www.tcpdump.org/linktypes.html) */
	LINKTYPE_NULL = 0,
	LINKTYPE_ETHERNET = 1,
	LINKTYPE_RAW_BSD = 12,
	LINKTYPE_RAW_OPENBSD = 14,
	LINKTYPE_RAW = 101,
	LINKTYPE_LOOP = 108,
	LINKTYPE_LINUX_SLL = 113,
	LINKTYPE_IPV4 = 228,
	LINKTYPE_IPV6 = 229,
	LINKTYPE_LINUX_SLL2 = 276,
};

enum capture_direction { CAPTURE_UNKNOWN, CAPTURE_IN, CAPTURE_OUT };

/* Where packets were seen. */
struct capture_point {
	char name[CAPTURE_NAME_MAX]; /* "" when the file does not say */
	uint16_t linktype;
	bool ours;	    /* written by enchufe: a frame is seen once a wire */
	uint64_t ticks;	    /* of its clock in a second */
	int64_t offset_s;   /* seconds to add */
	bool has_v4;	    /* the file says its address */
	uint8_t v4[4];
};

struct capture_packet {
	int64_t ns; /* since 1970 */
	uint32_t point;
	uint8_t dir; /* enum capture_direction */
	bool no_time;
	const uint8_t *data;
	uint32_t len;  /* bytes kept */
	uint32_t full; /* bytes that it had */
	const char *comment; /* not closed by zero; NULL: none */
	uint16_t comment_len;
};

struct capture {
	struct capture_point *points;
	size_t n_points, points_room;
	struct capture_packet *packets; /* in the file's order */
	size_t n_packets, packets_room;
	bool cut; /* the last file ends within a packet or block */
	char why[CAPTURE_WHY_MAX]; /* the error, or what was cut */
};

/* Adds a file's packets. 0, also when the file is cut off; -EINVAL with `why` when it
 * is not a capture or not sound; -ENOMEM. What was read before stays. */
int capture_add(struct capture *c, const void *bytes, size_t len);
void capture_fini(struct capture *c);

/* capture_ng.c: the same of a pcapng file. */
int capture_add_ng(struct capture *c, const uint8_t *bytes, size_t len);
/* For both readers: -EINVAL, and why, with the offset in the file. */
int capture_unsound(struct capture *c, size_t at, const char *what);
struct capture_point *capture_new_point(struct capture *c);
struct capture_packet *capture_new_packet(struct capture *c);
/* A count of the point's ticks as ns since 1970; saturates. */
int64_t capture_time(const struct capture_point *p, uint64_t ticks);

#endif
