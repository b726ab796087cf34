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

#endif
