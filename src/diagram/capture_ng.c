/* Capture files: pcapng. Section numbers are those of draft-ietf-opsawg-pcapng.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "capture.h"

enum {
	BLOCK_SECTION = 0x0a0d0d0a,  /* 4.1 */
	BLOCK_INTERFACE = 1,	     /* 4.2 */
	BLOCK_PACKET_OBSOLETE = 2,   /* appendix A */
	BLOCK_PACKET_SIMPLE = 3,     /* 4.4 */
	BLOCK_PACKET = 6,	     /* 4.3 */
	SECTION_MAGIC = 0x1a2b3c4d,
	BLOCK_MIN = 12, /* type and two lengths */
	OPT_END = 0,
	OPT_COMMENT = 1,	     /* 3.5 */
	SHB_USERAPPL = 4,
	IF_NAME = 2,
	IF_IPV4ADDR = 4, /* and mask */
	IF_TSRESOL = 9,
	IF_TSOFFSET = 14,
	EPB_FLAGS = 2,
};

/* A walk through one file. */
struct ng {
	struct capture *c;
	const uint8_t *base; /* of the file */
	const uint8_t *at;   /* within the block's body */
	const uint8_t *end;  /* of it */
	bool swapped;
	bool ours;
	size_t first_point; /* of this section */
	uint32_t snaplen;   /* of its first interface, 0: none */
};

struct option {
	uint16_t code, len;
	const uint8_t *value;
};

static uint16_t get16(const struct ng *g, const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return g->swapped ? __builtin_bswap16(v) : v;
}

static uint32_t get32(const struct ng *g, const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return g->swapped ? __builtin_bswap32(v) : v;
}

static int unsound(struct ng *g, const char *what)
{
	return capture_unsound(g->c, (size_t)(g->at - g->base), what);
}

static size_t left(const struct ng *g)
{
	return (size_t)(g->end - g->at);
}

/* The next option of the block. False: there is none, or it does not fit. */
static bool next_option(struct ng *g, struct option *o)
{
	size_t padded;

	if (left(g) < 4)
		return false;
	o->code = get16(g, g->at);
	o->len = get16(g, g->at + 2);
	o->value = g->at + 4;
	padded = ((size_t)o->len + 3) & ~(size_t)3;
	if (o->code == OPT_END || left(g) - 4 < padded)
		return false;
	g->at += 4 + padded;
	return true;
}

static int section(struct ng *g)
{
	struct option o;

	if (left(g) < 16)
		return unsound(g, "a section header too short");
	if (get16(g, g->at + 4) != 1)
		return unsound(g, "a version of pcapng that is not known");
	g->at += 16;
	g->first_point = g->c->n_points;
	g->ours = false;
	while (next_option(g, &o)) {
		if (o.code == SHB_USERAPPL && o.len >= 7)
			g->ours = memcmp(o.value, "enchufe", 7) == 0;
	}
	return 0;
}

/* 4.2, if_tsresol: a negative power of ten, or of two when the top bit is set. */
static bool set_ticks(struct capture_point *p, uint8_t resolution)
{
	uint8_t power = resolution & 0x7f;
	uint64_t ticks = 1;

	if (resolution & 0x80) {
		p->ticks = power < 63 ? (uint64_t)1 << power : 0;
		return power < 63;
	}
	for (; power && ticks <= UINT64_MAX / 10; power--)
		ticks *= 10;
	p->ticks = ticks;
	return power == 0;
}

static int interface(struct ng *g)
{
	struct capture_point *p;
	struct option o;
	size_t n;

	if (left(g) < 8)
		return unsound(g, "an interface too short");
	p = capture_new_point(g->c);
	if (!p)
		return -ENOMEM;
	p->linktype = get16(g, g->at);
	p->ours = g->ours;
	if (g->c->n_points - 1 == g->first_point)
		g->snaplen = get32(g, g->at + 4);
	g->at += 8;
	while (next_option(g, &o)) {
		if (o.code == IF_NAME) {
			n = o.len < sizeof(p->name) ? o.len : sizeof(p->name) - 1;
			memcpy(p->name, o.value, n);
			p->name[n] = 0;
		} else if (o.code == IF_IPV4ADDR && o.len >= 4) {
			memcpy(p->v4, o.value, 4);
			p->has_v4 = true;
		} else if (o.code == IF_TSRESOL && o.len >= 1) {
			if (!set_ticks(p, o.value[0]))
				return unsound(g, "a clock of impossible resolution");
		} else if (o.code == IF_TSOFFSET && o.len >= 8) {
			uint64_t low = get32(g, o.value + (g->swapped ? 4 : 0));
			uint64_t high = get32(g, o.value + (g->swapped ? 0 : 4));

			if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
				p->offset_s = (int64_t)(low << 32 | high);
			else
				p->offset_s = (int64_t)(high << 32 | low);
		}
	}
	return 0;
}

static void packet_options(struct ng *g, struct capture_packet *k)
{
	struct option o;

	while (next_option(g, &o)) {
		if (o.code == OPT_COMMENT) {
			k->comment = (const char *)o.value;
			k->comment_len = o.len;
		} else if (o.code == EPB_FLAGS && o.len >= 4) {
			k->dir = get32(g, o.value) & 3; /* 4.3.1 */
			if (k->dir > CAPTURE_OUT)
				k->dir = CAPTURE_UNKNOWN;
		}
	}
}

/* Of the interface's number in its section, the time, and where the bytes are. */
static int packet(struct ng *g, uint32_t interface, const uint8_t *time,
	uint32_t kept, uint32_t full)
{
	struct capture_packet *k;
	size_t padded = ((size_t)kept + 3) & ~(size_t)3;

	if (interface >= g->c->n_points - g->first_point)
		return unsound(g, "a packet of an interface that is not there");
	if (left(g) < padded)
		return unsound(g, "a packet longer than its block");
	k = capture_new_packet(g->c);
	if (!k)
		return -ENOMEM;
	k->point = (uint32_t)g->first_point + interface;
	k->data = g->at;
	k->len = kept;
	k->full = full < kept ? kept : full;
	k->no_time = !time;
	if (time)
		k->ns = capture_time(&g->c->points[k->point],
			(uint64_t)get32(g, time) << 32 | get32(g, time + 4));
	else if (g->c->n_packets > 1)
		k->ns = k[-1].ns;
	g->at += padded;
	packet_options(g, k);
	return 0;
}

static int block(struct ng *g, uint32_t type)
{
	const uint8_t *b = g->at;
	uint32_t full;

	switch (type) {
	case BLOCK_SECTION:
		return section(g);
	case BLOCK_INTERFACE:
		return interface(g);
	case BLOCK_PACKET:
	case BLOCK_PACKET_OBSOLETE:
		if (left(g) < 20)
			return unsound(g, "a packet's block too short");
		g->at += 20;
		return packet(g, type == BLOCK_PACKET ? get32(g, b) : get16(g, b),
			b + 4, get32(g, b + 12), get32(g, b + 16));
	case BLOCK_PACKET_SIMPLE:
		if (left(g) < 4)
			return unsound(g, "a packet's block too short");
		g->at += 4;
		full = get32(g, b);
		if (g->snaplen && full > g->snaplen)
			return packet(g, 0, NULL, g->snaplen, full);
		return packet(g, 0, NULL, full, full);
	default:
		return 0; /* 4.7: what one does not know is skipped */
	}
}

/* The byte order of the section that begins here. */
static int order(struct ng *g, const uint8_t *b)
{
	g->swapped = false;
	if (get32(g, b + 8) == SECTION_MAGIC)
		return 0;
	g->swapped = true;
	if (get32(g, b + 8) == SECTION_MAGIC)
		return 0;
	return unsound(g, "a section without its magic number");
}

int capture_add_ng(struct capture *c, const uint8_t *bytes, size_t len)
{
	struct ng g = { .c = c, .base = bytes, .at = bytes };
	const uint8_t *b = bytes, *end = bytes + len;
	uint32_t size, type;
	int err;

	while (end - b >= BLOCK_MIN) {
		g.at = b;
		type = get32(&g, b);
		if (type == BLOCK_SECTION && (err = order(&g, b)) != 0)
			return err;
		size = get32(&g, b + 4);
		if (size < BLOCK_MIN || size % 4)
			return unsound(&g, "a block of impossible length");
		if (size > (size_t)(end - b))
			break;
		if (get32(&g, b + size - 4) != size)
			return unsound(&g, "a block whose two lengths differ");
		g.at = b + 8;
		g.end = b + size - 4;
		err = block(&g, type);
		if (err)
			return err;
		b += size;
	}
	if (b < end) {
		g.at = b;
		c->cut = true;
		unsound(&g, "the file ends within a block");
	}
	return 0;
}
