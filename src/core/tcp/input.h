/* The steps of segment processing share these.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_INPUT_H
#define TCP_INPUT_H

#include "conn.h"

enum verdict_of_step {
	STEP_NEXT,	/* go on */
	STEP_DROP,	/* done with this segment */
	STEP_ACK,	/* drop, and acknowledge */
	STEP_CHALLENGE, /* drop, and acknowledge if the limit allows */
	STEP_RST,	/* drop, and answer with a reset by its ACK */
	STEP_RESET,	/* the peer has reset us */
};

typedef enum verdict_of_step step_fn(struct conn *c, struct instant now,
	struct segment *s);

/* RFC 9293 3.10.7.3, SYN-SENT, in its order: input_syn.c */
step_fn syn_check_ack, syn_check_rst, syn_check_syn, syn_check_rest;
/* RFC 9293 3.10.7.4, the others, in its order: input_check.c, input_ack.c,
 * input_text.c */
step_fn check_timestamp, check_sequence, check_rst, check_syn;
step_fn check_ack, check_urg, take_text, take_fin;

/* Is it from before the newest timestamp (RFC 7323 5.3)? */
bool input_timestamp_is_old(const struct conn *c, struct instant now, uint32_t tsval);

/* The text, [tail + off, ...) of the fifo. Once only: it may be its sender's to change. */
void segment_poke(const struct segment *s, const struct fifo_end *w, uint32_t off);

/* How many the device has put together (Linux: GRO). */
static inline uint32_t segment_count(const struct segment *s)
{
	uint32_t one = s->pkt->segment;

	return one && s->len ? (s->len - 1) / one + 1 : 1;
}

#endif
