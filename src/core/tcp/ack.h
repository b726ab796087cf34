/* What one acknowledgement tells, gathered step by step: sack.c reads it, rack.c and
 * recovery.c judge, rate.c measures, cc.c acts.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_ACK_H
#define TCP_ACK_H

#include "conn.h"

enum ack_flag {
	ACK_TEXT = 1 << 0,	   /* the segment carries text, SYN or FIN */
	ACK_WINDOW = 1 << 1,	   /* it updates the window */
	ACK_DATA_ACKED = 1 << 2,   /* segments were acknowledged whole */
	ACK_RETRANS_ACKED = 1 << 3, /* some of them had been sent again */
	ACK_SACKED = 1 << 4,	   /* new ones were SACKed */
	ACK_ECE = 1 << 5,	   /* congestion experienced (RFC 3168) */
	ACK_RETRANS_LOST = 1 << 6, /* a retransmission was judged lost */
	ACK_ORIGINAL = 1 << 7,	   /* one arrived that was never sent again, from
				      before the recovery's point (F-RTO) */
	ACK_FORWARD = 1 << 8,	   /* SND.UNA moved */
	ACK_DSACK = 1 << 9,	   /* RFC 2883: something came twice */
	ACK_DSACK_TLP = 1 << 10,   /* it was the tail loss probe */
	ACK_SET_TIMER = 1 << 11,   /* RTO and TLP start anew */
	ACK_RENEGED = 1 << 12,	   /* the first segment left had been SACKed */
	ACK_MAYBE_DELAYED = 1 << 13, /* of one small segment */
	ACK_NOT_DUP = ACK_TEXT | ACK_WINDOW | ACK_DATA_ACKED,
	ACK_ALERT = ACK_SACKED | ACK_ECE | ACK_DSACK,
	ACK_PROGRESS = ACK_DATA_ACKED | ACK_SACKED,
};

/* RFC draft-cheng-iccrg-delivery-rate-estimation: one sample. */
struct rate_sample {
	bool app_limited;
	bool retrans;
	uint32_t prior_delivered; /* segments, when the newest of them was sent */
	struct instant prior_at;  /* 0: none was sampled */
	struct seq end;
	int64_t interval_ns; /* -1: no sample */
	int32_t delivered;   /* segments in it; -1: no sample */
	uint32_t acked;	     /* segments that this acknowledgement delivered */
	uint32_t losses;     /* segments judged lost by it */
	uint32_t prior_in_flight; /* segments */
	int64_t rtt_ns;	     /* newest; -1: none */
};

/* What recovery wants sent, beyond the usual. */
enum ack_resend { RESEND_NONE, RESEND_LOST, RESEND_NEW };

struct ack {
	const struct tcp_header *h;
	unsigned flags;	       /* set of enum ack_flag */
	unsigned dupacks;      /* 1: it counts as a duplicate */
	enum ack_resend resend;
	struct seq prior_una;
	struct seq prior_fack; /* highest SACKed, before */
	struct seq reord;      /* lowest delivered out of order */
	uint32_t acked;	       /* segments acknowledged whole */
	uint32_t sack_delivered; /* segments newly SACKed, or D-SACKed */
	bool has_first, has_sack; /* the times below are set */
	struct instant first_sent, last_sent; /* of acknowledged ones */
	struct instant sack_first, sack_last; /* of SACKed ones */
	struct rate_sample rs;
};

/* sack.c */
void sack_take(struct conn *c, struct instant now, struct ack *a);
void sack_clean(struct conn *c, struct instant now, struct ack *a);
struct seq sack_highest(const struct conn *c);
/* The lowest number that came late: the order may differ by as much. */
void sack_saw_reordering(struct conn *c, struct seq low);
void sack_check_reno(struct conn *c, uint32_t more);
void sack_add_reno(struct conn *c, unsigned dupacks);
bool sack_echo_is_before(const struct conn *c, const struct tcp_header *h,
	uint32_t ts);

/* rack.c */
enum { RACK_PERSIST = 16 }; /* RFC 8985 6.2 step 4: recoveries without D-SACK */
void rack_advance(struct conn *c, struct instant now, const struct txseg *r);
void rack_update_window(struct conn *c, const struct ack *a);
/* Marks what is lost; true: a timer was set for what may be. */
bool rack_mark_lost(struct conn *c, struct instant now);
/* Time until r is lost; <= 0: it is. */
int64_t rack_remaining(const struct conn *c, struct instant now,
	const struct txseg *r, int64_t window);
void rack_mark(struct conn *c, struct txseg *r);
void rack_detect_again(struct conn *c, struct instant now);
void rack_tlp_answer(struct conn *c, struct instant now, const struct ack *a);

/* recovery.c: OPEN or DISORDER, as it is. */
void recovery_keep_open(struct conn *c, struct instant now);

/* ecn.c: the next new segment says that the window was reduced; or not. */
void ecn_queue_cwr(struct conn *c);
void ecn_withdraw_cwr(struct conn *c);

/* rate.c */
void rate_sent(struct conn *c, struct txseg *r, struct instant now, bool first);
void rate_delivered(struct conn *c, struct txseg *r, struct ack *a);
void rate_generate(struct conn *c, struct instant now, struct ack *a,
	uint32_t delivered, uint32_t lost, bool reneged);
/* The program wrote; before that `queued` bytes were not sent yet. */
void rate_check_app_limited(struct conn *c, uint32_t queued);

#endif
