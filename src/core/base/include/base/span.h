/* A run of bytes that somebody else owns.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stddef.h>
#include <stdint.h>

struct span {
	const uint8_t *base;
	size_t len; /* bytes */
};

struct span_mut {
	uint8_t *base;
	size_t len; /* bytes */
};

/* Bytes [at, at + len) of n spans, in place, as at most n spans of out, none of them
 * empty; fewer bytes where the spans end before. Returns how many spans. out must
 * not overlap in. */
unsigned span_slice(const struct span *in, unsigned n, size_t at, size_t len,
	struct span *out);

#endif
