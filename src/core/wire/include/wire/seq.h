/* A TCP sequence number: modulo 2^32, hence a struct, so that `<` does not
 * compile (RFC 9293 3.4). Two numbers compare by their distance, which means
 * something only when they are less than 2^31 apart.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_SEQ_H
#define WIRE_SEQ_H

#include <stdbool.h>
#include <stdint.h>

struct seq {
	uint32_t v;
};

static inline struct seq seq_of(uint32_t v)
{
	return (struct seq){ v };
}

static inline struct seq seq_add(struct seq s, uint32_t n)
{
	return (struct seq){ s.v + n };
}

/* Bytes from b to a; negative when a is earlier. */
static inline int32_t seq_diff(struct seq a, struct seq b)
{
	return (int32_t)(a.v - b.v);
}

static inline bool seq_eq(struct seq a, struct seq b)
{
	return a.v == b.v;
}

static inline bool seq_lt(struct seq a, struct seq b)
{
	return seq_diff(a, b) < 0;
}

static inline bool seq_le(struct seq a, struct seq b)
{
	return seq_diff(a, b) <= 0;
}

static inline struct seq seq_max(struct seq a, struct seq b)
{
	return seq_lt(a, b) ? b : a;
}

static inline struct seq seq_min(struct seq a, struct seq b)
{
	return seq_lt(a, b) ? a : b;
}

#endif
