/* Big-endian reading and writing with bounds checked and the error sticky: do
 * all the reads, then ask cursor_ok() once. A read past the end gives zero (or
 * NULL) and marks the cursor bad; a write past the end writes nothing and marks
 * the writer bad.
 *
 * Inline, no allocation. SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t get_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t get_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		(uint32_t)p[2] << 8 | p[3];
}

static inline void put_be16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void put_be32(uint8_t *p, uint32_t v)
{
	put_be16(p, (uint16_t)(v >> 16));
	put_be16(p + 2, (uint16_t)v);
}

struct cursor {
	const uint8_t *at;
	size_t left; /* bytes */
	bool bad;    /* a read went past the end */
};

static inline struct cursor cursor_of(const void *data, size_t len)
{
	return (struct cursor){ data, len, false };
}

static inline bool cursor_ok(const struct cursor *c)
{
	return !c->bad;
}

/* n bytes in place, NULL past the end (also for n == 0 on a bad cursor). */
static inline const uint8_t *cursor_bytes(struct cursor *c, size_t n)
{
	const uint8_t *p = c->at;

	if (c->bad || n > c->left) {
		c->bad = true;
		c->left = 0;
		return NULL;
	}
	c->at += n;
	c->left -= n;
	return p;
}

static inline void cursor_skip(struct cursor *c, size_t n)
{
	(void)cursor_bytes(c, n);
}

/* Copies n bytes; zeroes when they are not there. */
static inline void cursor_copy(struct cursor *c, void *dst, size_t n)
{
	const uint8_t *p = cursor_bytes(c, n);

	if (p)
		memcpy(dst, p, n);
	else
		memset(dst, 0, n);
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 1);

	return p ? *p : 0;
}

static inline uint16_t cursor_u16(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 2);

	return p ? get_be16(p) : 0;
}

static inline uint32_t cursor_u32(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 4);

	return p ? get_be32(p) : 0;
}

/* The next n bytes as a cursor of their own; bad when they are not there. */
static inline struct cursor cursor_sub(struct cursor *c, size_t n)
{
	const uint8_t *p = cursor_bytes(c, n);

	return (struct cursor){ p, p ? n : 0, !p };
}

struct writer {
	uint8_t *base;
	size_t len;  /* bytes written */
	size_t size; /* bytes at base */
	bool bad;    /* a write did not fit */
};

static inline struct writer writer_of(void *data, size_t size)
{
	return (struct writer){ data, 0, size, false };
}

static inline bool writer_ok(const struct writer *w)
{
	return !w->bad;
}

/* Room for n bytes, to be filled by the caller, or NULL. Not inlined: gcc 12
 * would follow the impossible path and warn about it. */
__attribute__((noinline, unused)) static uint8_t *writer_take(struct writer *w, size_t n)
{
	size_t at = w->len;

	if (w->bad || n > w->size || at > w->size - n) {
		w->bad = true;
		return NULL;
	}
	w->len = at + n;
	return w->base + at;
}

static inline void writer_bytes(struct writer *w, const void *src, size_t n)
{
	uint8_t *p = writer_take(w, n);

	if (p && n)
		memcpy(p, src, n);
}

static inline void writer_zero(struct writer *w, size_t n)
{
	uint8_t *p = writer_take(w, n);

	if (p)
		memset(p, 0, n);
}

static inline void writer_u8(struct writer *w, uint8_t v)
{
	uint8_t *p = writer_take(w, 1);

	if (p)
		*p = v;
}

static inline void writer_u16(struct writer *w, uint16_t v)
{
	uint8_t *p = writer_take(w, 2);

	if (p)
		put_be16(p, v);
}

static inline void writer_u32(struct writer *w, uint32_t v)
{
	uint8_t *p = writer_take(w, 4);

	if (p)
		put_be32(p, v);
}

/* Overwrite what was written at `off` (a length or checksum known later). */
static inline void writer_patch_u16(struct writer *w, size_t off, uint16_t v)
{
	if (off + 2 > w->len)
		w->bad = true;
	else
		put_be16(w->base + off, v);
}

#endif
