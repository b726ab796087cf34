/* What the analysis remembers of each direction of a TCP connection.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef DIAGRAM_WATCH_H
#define DIAGRAM_WATCH_H

#include "talk.h"

#define HOLES_MAX 64

/* Which numbers have come by: all below `next` but the holes. */
struct track {
	bool any;
	struct seq next;
	unsigned n_holes;
	struct { struct seq from, to; } hole[HOLES_MAX];
};

enum track_verdict { TRACK_NEW, TRACK_FILLS, TRACK_AGAIN };

/* Numbers from..to come by. */
enum track_verdict track_take(struct track *t, struct seq from, struct seq to);

/* marks.c: relative numbers, windows and marks, in the order of sending. -ENOMEM. */
int marks_set(struct talk *t);
/* states.c: states and levels, in the order in which things happen. -ENOMEM. */
int states_follow(struct talk *t);

/* Numbers that a segment takes (RFC 9293 3.3.1, SEG.LEN). */
static inline uint32_t segment_len(const struct talk_arrow *a)
{
	return a->len + !!(a->flags & TCP_SYN) + !!(a->flags & TCP_FIN);
}

#endif
