/* Capture files: what both formats share, and pcap.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "room.h"

enum {
	MAGIC_US = 0xa1b2c3d4,
	MAGIC_NS = 0xa1b23c4d,
	MAGIC_NG = 0x0a0d0d0a,
	HEADER_LEN = 24,
	RECORD_LEN = 16,
	/* A length beyond this is not one (as libpcap's MAXIMUM_SNAPLEN). */
	PACKET_MAX = 262144,
};

int capture_unsound(struct capture *c, size_t at, const char *what)
{
	snprintf(c->why, sizeof(c->why), "%s (at byte %zu)", what, at);
	return -EINVAL;
}

struct capture_point *capture_new_point(struct capture *c)
{
	if (!room_for_one(&c->points, &c->points_room, c->n_points,
			sizeof(*c->points)))
		return NULL;
	c->points[c->n_points].ticks = 1000000;
	return &c->points[c->n_points++];
}

struct capture_packet *capture_new_packet(struct capture *c)
{
	if (!room_for_one(&c->packets, &c->packets_room, c->n_packets,
			sizeof(*c->packets)))
		return NULL;
	return &c->packets[c->n_packets++];
}

int64_t capture_time(const struct capture_point *p, uint64_t ticks)
{
	__int128 ns = (__int128)(ticks / p->ticks) + p->offset_s;

	ns = ns * 1000000000 + (__int128)(ticks % p->ticks) * 1000000000 / p->ticks;
	/* Half of the range, so that differences have room. */
	if (ns > INT64_MAX / 2)
		return INT64_MAX / 2;
	return ns < INT64_MIN / 2 ? INT64_MIN / 2 : (int64_t)ns;
}

static uint32_t get32(const uint8_t *p, bool swapped)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return swapped ? __builtin_bswap32(v) : v;
}

static int add_pcap(struct capture *c, const uint8_t *b, size_t len, bool swapped,
	bool nano)
{
	struct capture_point *p = capture_new_point(c);
	uint32_t point = (uint32_t)c->n_points - 1;
	size_t at = HEADER_LEN;

	if (!p)
		return -ENOMEM;
	p->ticks = nano ? 1000000000 : 1000000;
	p->linktype = (uint16_t)get32(b + 20, swapped);
	while (len - at >= RECORD_LEN) {
		uint32_t kept = get32(b + at + 8, swapped);
		struct capture_packet *k;

		if (kept > PACKET_MAX)
			return capture_unsound(c, at, "a packet of impossible length");
		if (kept > len - at - RECORD_LEN)
			break;
		k = capture_new_packet(c);
		if (!k)
			return -ENOMEM;
		k->point = point;
		k->ns = capture_time(&c->points[point],
			get32(b + at, swapped) * c->points[point].ticks +
			get32(b + at + 4, swapped));
		k->data = b + at + RECORD_LEN;
		k->len = kept;
		k->full = get32(b + at + 12, swapped);
		if (k->full < kept)
			k->full = kept;
		at += RECORD_LEN + kept;
	}
	if (at < len) {
		c->cut = true;
		capture_unsound(c, at, "the file ends within a packet");
	}
	return 0;
}

int capture_add(struct capture *c, const void *bytes, size_t len)
{
	const uint8_t *b = bytes;
	bool swapped = false;
	uint32_t magic;

	c->cut = false;
	c->why[0] = 0;
	if (len < sizeof(magic))
		return capture_unsound(c, 0, len ? "not a capture file" :
			"the file is empty");
	magic = get32(b, false);
	if (magic == MAGIC_NG)
		return capture_add_ng(c, b, len);
	if (magic != MAGIC_US && magic != MAGIC_NS) {
		swapped = true;
		magic = __builtin_bswap32(magic);
	}
	if (magic != MAGIC_US && magic != MAGIC_NS)
		return capture_unsound(c, 0, "not a capture file (pcap, pcapng)");
	if (len < HEADER_LEN)
		return capture_unsound(c, len, "the file ends within its header");
	return add_pcap(c, b, len, swapped, magic == MAGIC_NS);
}

void capture_fini(struct capture *c)
{
	free(c->points);
	free(c->packets);
	memset(c, 0, sizeof(*c));
}
