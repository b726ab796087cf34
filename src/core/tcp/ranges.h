/* A sorted list of disjoint ranges of sequence numbers: which bytes beyond
 * rcv_nxt have arrived. It grows only while there are holes, to a limit, and
 * gives its memory back when it is empty.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_RANGES_H
#define TCP_RANGES_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/seq.h"

struct range {
	struct seq from;
	struct seq to; /* the number after the last */
};

struct ranges {
	struct range *at; /* own, `cap` of them */
	uint32_t n;
	uint32_t cap;
};

void ranges_init(struct ranges *r);
void ranges_fini(struct ranges *r);
/* Adds [from, to), merging neighbours; *merged gets the range that it lies in
 * now. True if that added bytes; false if all were there, or there is no room
 * (then nothing has changed and merged->from equals merged->to). */
bool ranges_add(struct ranges *r, struct seq from, struct seq to,
	struct range *merged);
/* Takes out everything below `to` and, if a range begins at or before it, that
 * one too; returns the new `to`: the end of what is contiguous. */
struct seq ranges_take(struct ranges *r, struct seq to);
/* Takes out everything from `from` on. */
void ranges_cut(struct ranges *r, struct seq from);
/* The range that holds s, or NULL. */
const struct range *ranges_find(const struct ranges *r, struct seq s);
/* The first range that ends behind s, or NULL. */
const struct range *ranges_behind(const struct ranges *r, struct seq s);
/* Bytes in all ranges. */
uint32_t ranges_bytes(const struct ranges *r);

#endif
