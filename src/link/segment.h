/* The ordinary frames that a frame with work left to a device stands for. With a segment
 * size it is TCP's, or by the place of its checksum UDP's.
 *
 *   if (segment_begin(...))
 *           while (segment_next()) send s.out, s.nout
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef LINK_SEGMENT_H
#define LINK_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "wire/offload.h"

#define SEGMENT_SPANS_MAX 10
#define SEGMENT_HEADERS_MAX 134 /* bytes: Ethernet's, the longest of IPv4 and of TCP */

struct segmenter {
	const struct span *spans; /* the caller's, until the end */
	unsigned n;
	struct offload o;
	bool v6;
	uint8_t proto;
	size_t whole, headers; /* bytes, and those of them that each frame has */
	size_t at;	       /* bytes of text cut off */
	unsigned count;	       /* frames made */
	unsigned nout;
	struct span out[SEGMENT_SPANS_MAX];
	uint8_t header[SEGMENT_HEADERS_MAX], copy[SEGMENT_HEADERS_MAX];
};

/* Is it a super-segment of UDP? */
bool segment_is_udp(const struct offload *o);
/* False: it is not what it says. */
bool segment_begin(struct segmenter *s, const struct span *spans, unsigned n,
	const struct offload *o);
bool segment_next(struct segmenter *s);

#endif
