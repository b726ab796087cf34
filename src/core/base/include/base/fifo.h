/* A byte fifo: one writing end, one reading end, in any memory.
 *
 *            head (reader)          tail (writer)
 *              v                      v
 *   ...released|======== unread ======|---- free ----|
 *                                        ^ out-of-order bytes may already lie
 *                                          here, unpublished (TCP writes them
 *                                          to their final place)
 *
 * Two 32-bit counters run freely and wrap; the ring's size is a power of two
 * of at most 2^30, so tail - head is always the number of unread bytes. The
 * writer alone stores tail, the reader alone stores head. The counters lie in
 * a struct fifo_shared that both ends see (and that may be shared between
 * processes); each end keeps a private struct fifo_end with the geometry and
 * its own counter, which it trusts, and checks the other's counter each time:
 * a foreign counter that makes more than `size` bytes is corrupt and every
 * function answers -EPROTO or 0 from then on, never an address outside `data`.
 *
 * Several threads or processes on the same end hold that end's lock (not part
 * of this file) and call fifo_end_reload() after taking it.
 *
 * Of a short message a copy lies beside tail, so that between two processors one cache
 * line moves and not two: neither the reader looks into the ring then, nor has the
 * writer to get the ring's line back. `near_tag` says which bytes they are (where they
 * begin, how many), 0 none; a reader looks at it before and after, and else goes to the
 * ring, where all bytes lie in any case.
 *
 * Nothing here blocks, allocates or calls back.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_FIFO_H
#define BASE_FIFO_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

#define FIFO_SIZE_MAX (1u << 30) /* bytes; so that used never looks negative */

#define FIFO_NEAR 48u /* bytes: what has room beside tail */

struct fifo_shared {
	alignas(64) _Atomic uint32_t tail; /* bytes ever written, mod 2^32 */
	_Atomic uint64_t near_tag;	   /* writer */
	_Atomic uint64_t near[FIFO_NEAR / sizeof(uint64_t)];
	alignas(64) _Atomic uint32_t head; /* bytes ever released, mod 2^32 */
};

struct fifo_end {
	struct fifo_shared *sh; /* owner: whoever gave it to fifo_end_init */
	uint8_t *data;		/* `size` bytes, likewise */
	uint32_t size;		/* bytes, power of two */
	uint32_t own;		/* my counter: tail for a writer, head for a reader */
	uint32_t begin;		/* where in `data` the very first byte lies */
};

/* size: a power of two in [1, FIFO_SIZE_MAX]; 0 or -EINVAL. Loads the own
 * counter from sh. */
int fifo_writer_init(struct fifo_end *w, struct fifo_shared *sh, void *data,
	uint32_t size);
int fifo_reader_init(struct fifo_end *r, struct fifo_shared *sh, void *data,
	uint32_t size);
/* With a counter that the caller has kept: sh is not looked at. */
int fifo_writer_init_own(struct fifo_end *w, struct fifo_shared *sh, void *data,
	uint32_t size, uint32_t own);
/* Of both ends, after init: the very first byte lies there (mod size), not at 0. */
void fifo_end_begin(struct fifo_end *e, uint32_t begin);
/* Take the own counter afresh from shared memory (under the end's lock). */
void fifo_writer_reload(struct fifo_end *w);
void fifo_reader_reload(struct fifo_end *r);

/* Writer. Unread bytes as far as the reader has told; -EPROTO if corrupt. */
int64_t fifo_writer_used(const struct fifo_end *w);
/* Free bytes (0 when corrupt). */
uint32_t fifo_writer_space(const struct fifo_end *w);
/* The memory of [tail + off, tail + off + len) in at most two pieces; the
 * caller has checked off + len <= space. Returns the number of pieces. */
int fifo_writer_spans(const struct fifo_end *w, uint32_t off, uint32_t len,
	struct span_mut out[2]);
/* Copy into [tail + off, ...) without publishing. */
void fifo_poke(const struct fifo_end *w, uint32_t off, const void *src,
	uint32_t len);
/* Make the next n bytes readable (release; pairs with the reader's acquire). */
void fifo_publish(struct fifo_end *w, uint32_t n);
/* The next n bytes will be written soon: let their lines, which the reader had last, come
 * meanwhile. A hint. */
void fifo_write_soon(const struct fifo_end *w, uint32_t n);
/* Copy and publish n bytes, at most FIFO_NEAR; the caller has checked that there is
 * space for them. */
void fifo_write_near(struct fifo_end *w, const void *src, uint32_t n);
/* Copy and publish min(len, space) bytes; returns how many. */
uint32_t fifo_write(struct fifo_end *w, const void *src, uint32_t len);

/* Reader. Unread bytes, -EPROTO if corrupt. */
int64_t fifo_reader_used(const struct fifo_end *r);
int fifo_reader_spans(const struct fifo_end *r, uint32_t off, uint32_t len,
	struct span out[2]);
/* Copy out of [head + off, ...) without releasing. */
void fifo_peek(const struct fifo_end *r, uint32_t off, void *dst, uint32_t len);
/* Copy all `used` unread bytes, if they lie beside tail; else false. */
bool fifo_peek_near(const struct fifo_end *r, uint32_t used, void *dst);
/* The same for who knows nothing but the counter: the ring is not looked at. */
bool fifo_shared_near(struct fifo_shared *sh, uint32_t own, uint32_t used, void *dst);
/* Give n bytes back to the writer (release; pairs with its acquire). */
void fifo_release(struct fifo_end *r, uint32_t n);
/* Copy out and release min(len, used) bytes; returns how many. */
uint32_t fifo_read(struct fifo_end *r, void *dst, uint32_t len);

#endif
