/* Byte fifo: see base/fifo.h for the picture and the contract. The own counter
 * comes from the private end, the other's from shared memory: loaded once,
 * checked, and only then used.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "base/fifo.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/atomic.h"

#define LINE 64u /* bytes of the processors' caches */

static int end_init(struct fifo_end *e, struct fifo_shared *sh, void *data,
	uint32_t size)
{
	if (size == 0 || size > FIFO_SIZE_MAX || (size & (size - 1)) != 0)
		return -EINVAL;
	e->sh = sh;
	e->data = data;
	e->size = size;
	e->begin = 0;
	return 0;
}

int fifo_writer_init(struct fifo_end *w, struct fifo_shared *sh, void *data,
	uint32_t size)
{
	int r = end_init(w, sh, data, size);

	if (r == 0)
		fifo_writer_reload(w);
	return r;
}

int fifo_writer_init_own(struct fifo_end *w, struct fifo_shared *sh, void *data,
	uint32_t size, uint32_t own)
{
	int r = end_init(w, sh, data, size);

	if (r == 0)
		w->own = own;
	return r;
}

int fifo_reader_init(struct fifo_end *r, struct fifo_shared *sh, void *data,
	uint32_t size)
{
	int err = end_init(r, sh, data, size);

	if (err == 0)
		fifo_reader_reload(r);
	return err;
}

void fifo_end_begin(struct fifo_end *e, uint32_t begin)
{
	e->begin = begin;
}

void fifo_writer_reload(struct fifo_end *w)
{
	/* Our side's own counter: the end's lock orders it. */
	w->own = atomic_get_relaxed(&w->sh->tail);
}

void fifo_reader_reload(struct fifo_end *r)
{
	/* Our side's own counter: the end's lock orders it. */
	r->own = atomic_get_relaxed(&r->sh->head);
}

int64_t fifo_writer_used(const struct fifo_end *w)
{
	/* Pairs with the release of head in fifo_release(): the reader has
	 * done with the bytes that we are about to overwrite. */
	uint32_t used = w->own - atomic_get_acquire(&w->sh->head);

	return used <= w->size ? (int64_t)used : -EPROTO;
}

uint32_t fifo_writer_space(const struct fifo_end *w)
{
	int64_t used = fifo_writer_used(w);

	return used < 0 ? 0 : w->size - (uint32_t)used;
}

int64_t fifo_reader_used(const struct fifo_end *r)
{
	/* Pairs with the release of tail in fifo_publish(): the bytes below
	 * it are there. */
	uint32_t used = atomic_get_acquire(&r->sh->tail) - r->own;

	return used <= r->size ? (int64_t)used : -EPROTO;
}

/* Cut [pos, pos + len) of the ring at its end: returns the first piece's
 * length and its place. A length above the ring's size is cut to it, so that
 * no caller's mistake leads outside `data`. */
static uint32_t cut(const struct fifo_end *e, uint32_t off, uint32_t *len,
	uint32_t *at)
{
	uint32_t first;

	if (*len > e->size)
		*len = e->size;
	*at = (e->begin + e->own + off) & (e->size - 1);
	first = e->size - *at;
	return first < *len ? first : *len;
}

int fifo_writer_spans(const struct fifo_end *w, uint32_t off, uint32_t len,
	struct span_mut out[2])
{
	uint32_t at, first = cut(w, off, &len, &at);

	if (len == 0)
		return 0;
	out[0] = (struct span_mut){ w->data + at, first };
	if (first == len)
		return 1;
	out[1] = (struct span_mut){ w->data, len - first };
	return 2;
}

int fifo_reader_spans(const struct fifo_end *r, uint32_t off, uint32_t len,
	struct span out[2])
{
	uint32_t at, first = cut(r, off, &len, &at);

	if (len == 0)
		return 0;
	out[0] = (struct span){ r->data + at, first };
	if (first == len)
		return 1;
	out[1] = (struct span){ r->data, len - first };
	return 2;
}

void fifo_poke(const struct fifo_end *w, uint32_t off, const void *src,
	uint32_t len)
{
	uint32_t at, first = cut(w, off, &len, &at);

	if (len == 0)
		return;
	memcpy(w->data + at, src, first);
	if (first < len)
		memcpy(w->data, (const uint8_t *)src + first, len - first);
}

void fifo_publish(struct fifo_end *w, uint32_t n)
{
	w->own += n;
	/* Its position may come again. Seen with tail, at the latest. */
	atomic_put_relaxed(&w->sh->near_tag, 0);
	/* Pairs with the acquire of tail in fifo_reader_used(). */
	atomic_put_release(&w->sh->tail, w->own);
}

void fifo_write_soon(const struct fifo_end *w, uint32_t n)
{
	for (uint32_t off = 0; off < n; off += LINE)
		__builtin_prefetch(w->data + ((w->begin + w->own + off) & (w->size - 1)), 1);
}

static uint64_t near_tag(uint32_t begin, uint32_t n)
{
	return (uint64_t)begin << 32 | n;
}

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words of bytes");

/* The first n bytes there, 1 to 7, as a word: without a call of memcpy(), and without
 * a store of bytes that is loaded again as a word, for which a processor waits. */
static inline uint64_t load_part(const uint8_t *p, uint32_t n)
{
	uint32_t low, high;
	uint16_t two;

	if (n >= 4) {
		memcpy(&low, p, 4);
		memcpy(&high, p + n - 4, 4);
		return low | (uint64_t)high >> 8 * (8 - n) << 32;
	}
	if (n == 1)
		return *p;
	memcpy(&two, p, 2);
	return n == 2 ? two : two | (uint64_t)p[2] << 16;
}

static inline void store_part(uint8_t *p, uint64_t word, uint32_t n)
{
	uint32_t low = (uint32_t)word, high = (uint32_t)(word >> 8 * (n & 3));
	uint16_t two = (uint16_t)word;

	if (n >= 4) {
		memcpy(p, &low, 4);
		memcpy(p + n - 4, &high, 4);
		return;
	}
	p[n - 1] = (uint8_t)(word >> 8 * (n - 1));
	if (n >= 2)
		memcpy(p, &two, 2);
}

static inline uint64_t load_word(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* n bytes, at most FIFO_NEAR, beside tail; and to `ring`, if it is not NULL. */
static inline void put_near(struct fifo_shared *sh, uint8_t *ring, const uint8_t *src,
	uint32_t n)
{
	uint32_t k = 0;
	uint64_t word;

	for (; n >= 8; k++, n -= 8, src += 8) {
		word = load_word(src);
		atomic_put_release(&sh->near[k], word); /* pairs: fifo_peek_near() */
		if (ring)
			memcpy(ring + 8 * k, &word, sizeof(word));
	}
	if (n == 0)
		return;
	word = load_part(src, n);
	atomic_put_release(&sh->near[k], word); /* likewise */
	if (ring)
		store_part(ring + 8 * k, word, n);
}

void fifo_write_near(struct fifo_end *w, const void *src, uint32_t n)
{
	struct fifo_shared *sh = w->sh;
	uint32_t at = (w->begin + w->own) & (w->size - 1);
	bool whole;

	if (n > FIFO_NEAR)
		n = FIFO_NEAR;
	whole = w->size - at >= n;
	/* Who reads one of the new words sees that the old tag is gone: each release
	 * pairs with the acquire of a word in fifo_peek_near(). */
	atomic_put_relaxed(&sh->near_tag, 0);
	put_near(sh, whole ? w->data + at : NULL, src, n);
	if (!whole)
		fifo_poke(w, 0, src, n);
	/* Who sees it sees the words; pairs with the acquire there. */
	atomic_put_release(&sh->near_tag, near_tag(w->own, n));
	w->own += n;
	/* Pairs with the acquire of tail in fifo_reader_used(). */
	atomic_put_release(&sh->tail, w->own);
}

uint32_t fifo_write(struct fifo_end *w, const void *src, uint32_t len)
{
	uint32_t space = fifo_writer_space(w);

	if (len > space)
		len = space;
	if (len == 0)
		return 0;
	fifo_poke(w, 0, src, len);
	fifo_publish(w, len);
	return len;
}

void fifo_peek(const struct fifo_end *r, uint32_t off, void *dst, uint32_t len)
{
	uint32_t at, first = cut(r, off, &len, &at);

	if (len == 0)
		return;
	memcpy(dst, r->data + at, first);
	if (first < len)
		memcpy((uint8_t *)dst + first, r->data, len - first);
}

bool fifo_peek_near(const struct fifo_end *r, uint32_t used, void *dst)
{
	return fifo_shared_near(r->sh, r->own, used, dst);
}

bool fifo_shared_near(struct fifo_shared *sh, uint32_t own, uint32_t used, void *dst)
{
	uint64_t words[FIFO_NEAR / sizeof(uint64_t)], tag = near_tag(own, used);
	uint8_t *p = dst;
	uint32_t k;

	/* Pairs with the tag's release in fifo_write_near(). */
	if (used == 0 || used > FIFO_NEAR || atomic_get_acquire(&sh->near_tag) != tag)
		return false;
	for (k = 0; k * sizeof(words[0]) < used; k++)
		words[k] = atomic_get_acquire(&sh->near[k]); /* pairs with its release */
	/* After the words, as their acquire says. */
	if (atomic_get_relaxed(&sh->near_tag) != tag)
		return false;
	for (k = 0; used >= sizeof(words[0]); k++, used -= (uint32_t)sizeof(words[0]))
		memcpy(p + k * sizeof(words[0]), &words[k], sizeof(words[0]));
	if (used > 0)
		store_part(p + k * sizeof(words[0]), words[k], used);
	return true;
}

void fifo_release(struct fifo_end *r, uint32_t n)
{
	r->own += n;
	/* Pairs with the acquire of head in fifo_writer_used(). */
	atomic_put_release(&r->sh->head, r->own);
}

uint32_t fifo_read(struct fifo_end *r, void *dst, uint32_t len)
{
	int64_t used = fifo_reader_used(r);

	if (used <= 0)
		return 0;
	if (len > (uint32_t)used)
		len = (uint32_t)used;
	if (len == 0)
		return 0;
	fifo_peek(r, 0, dst, len);
	fifo_release(r, len);
	return len;
}
