/* What a connection counts only to tell (tcp/info.h): tally.c.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_TALLY_H
#define TCP_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"
#include "tcp/info.h"

struct conn;

/* What its sending waits for: the one with the highest number counts. */
enum tally_wait {
	TALLY_IDLE,   /* nothing to send */
	TALLY_BUSY,   /* acknowledgements, or the congestion window */
	TALLY_RWND,   /* the peer's window */
	TALLY_SNDBUF, /* the program, whose buffer is full of what is in flight */
	TALLY_WAITS,
};

struct tally {
	uint8_t wait; /* enum tally_wait */
	struct instant wait_since;
	int64_t wait_ns[TALLY_WAITS - 1]; /* not of TALLY_IDLE */

	uint64_t bytes_sent, bytes_received, bytes_acked, bytes_retrans;
	uint32_t segs_out, segs_in, data_segs_out, data_segs_in; /* may wrap, as Linux's */
	uint32_t ooo, received_ce; /* segments */
	uint32_t rtos, rto_recoveries;
	struct duration rto_time;
	struct instant rto_since; /* 0: in none */
	struct instant began;	  /* established */
	struct instant ended;	  /* its last change of state */
	struct instant heard_ack; /* 0: none yet */
};

void tally_wait(struct conn *c, struct instant now, enum tally_wait why);
/* That is over. */
void tally_go_on(struct conn *c, struct instant now, enum tally_wait why);
void tally_rto(struct conn *c, struct instant now);
void tally_rto_over(struct conn *c, struct instant now);
void tally_fill(const struct conn *c, struct instant now, struct tcp_info_view *v);

#endif
