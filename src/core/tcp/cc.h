/* Congestion control: how large the window may be. What was lost and what is sent
 * again is recovery.c's. The window counts segments, as Linux's does: the same
 * integers give the same steps.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_CC_H
#define TCP_CC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"
#include "tcp/congestion.h"
#include "wire/seq.h"

struct conn;
struct ack;

/* Linux's numbers (tcpi_ca_state). */
enum ca_state {
	CA_OPEN,     /* nothing is amiss */
	CA_DISORDER, /* SACKs or duplicates: perhaps only reordered */
	CA_CWR,	     /* reducing the window without a loss: ECN */
	CA_RECOVERY, /* something was lost */
	CA_LOSS,     /* a timeout */
};

enum cc_event {
	CC_EV_TX_START,	    /* first segment after nothing was in flight */
	CC_EV_CWND_RESTART, /* idle for longer than a timeout */
	CC_EV_COMPLETE_CWR, /* a reduction is done */
	CC_EV_LOSS,	    /* a timeout reduced ssthresh */
};

/* An algorithm. Those without comment may be NULL. */
struct cc_ops {
	const char *name;
	void (*init)(struct conn *c, struct instant now);
	/* The window after a loss now, in segments. Always there. */
	uint32_t (*ssthresh)(struct conn *c);
	/* `acked` segments have arrived. There unless control is. */
	void (*avoid)(struct conn *c, struct instant now, uint32_t acked);
	/* The window when the last reduction was a mistake. Always there. */
	uint32_t (*undo)(struct conn *c);
	void (*state)(struct conn *c, struct instant now, enum ca_state to);
	void (*event)(struct conn *c, struct instant now, enum cc_event ev);
	/* An acknowledgement, with its round trip. */
	void (*acked)(struct conn *c, struct instant now, const struct ack *a);
	/* Sets window and rate itself, in all states. */
	void (*control)(struct conn *c, struct instant now, const struct ack *a);
	/* Segments that may go as one at least; NULL: what the rules say. */
	uint32_t (*least_super)(const struct conn *c);
	uint32_t send_buffer; /* in windows; 0: two */
};

/* RFC 9438, names as there; Linux's numbers. */
/* See hystart.c. */
struct hystart {
	bool found;	   /* slow start is over */
	bool css;	   /* it is conservative (RFC 9406) */
	uint8_t css_rounds, credit; /* segments not yet counted */
	uint8_t samples;   /* of this round */
	uint32_t round_us, last_ack_us; /* clock */
	uint32_t round_rtt, last_rtt, css_rtt; /* us: smallest of this round, the last,
						* that in which css began */
	struct seq round_end;
};

struct cubic {
	uint32_t cnt;	   /* acknowledged segments for one more in cwnd */
	uint32_t w_max;	   /* segments, before the last reduction */
	uint32_t last_cwnd;
	uint32_t last_ms;
	uint32_t origin;   /* segments, where the curve is flat */
	uint32_t k;	   /* 1/1024 s from epoch to there */
	uint32_t delay_min; /* us */
	uint32_t epoch_ms; /* 0: none */
	uint32_t ack_cnt;
	uint32_t w_est;	   /* segments, what Reno would have */
	struct hystart hystart;
};

enum bbr_mode { BBR_STARTUP, BBR_DRAIN, BBR_PROBE_BW, BBR_PROBE_RTT };

/* Largest of the last rounds: three, each of them later and not larger. */
struct bbr_max {
	uint32_t v[3], round[3];
};

/* cc_bbr.c. Counts are of segments, a bw is by 2^24 of one a us. */
struct bbr {
	struct bbr_max bw;
	uint32_t min_rtt_us; /* UINT32_MAX: none */
	struct instant min_rtt_at;
	uint32_t rounds;	  /* round trips */
	uint32_t round_delivered; /* the next one begins beyond */
	uint32_t full_bw;	  /* since which it has not grown */
	uint32_t prior_cwnd;	  /* to come back to */
	struct instant phase_at;  /* PROBE_BW's phase began */
	struct instant probe_rtt_until; /* 0: too much is in flight yet */
	/* The interval in which a token bucket is looked for. */
	struct instant lt_since;
	uint32_t lt_bw, lt_rounds, lt_delivered, lt_lost;
	/* Acknowledgements in lumps: the largest, of five rounds twice. */
	struct instant epoch_at;
	uint32_t epoch_acked, extra[2];
	uint16_t pacing_gain, window_gain; /* by 256 */
	uint8_t mode;		  /* enum bbr_mode */
	uint8_t phase;		  /* of PROBE_BW */
	uint8_t prev_state;	  /* enum ca_state */
	uint8_t full_rounds;	  /* without growth */
	uint8_t extra_at, extra_rounds;
	bool round_start;	  /* with this acknowledgement */
	bool seen_rtt;
	bool idle_restart;
	bool full;		  /* the path is; STARTUP is over */
	bool probe_rtt_round;	  /* a round trip of it is over */
	bool conserve;		  /* recovery's first round trip */
	bool lt_sampling, lt_use;
};

struct cc {
	const struct cc_ops *ops;
	uint32_t cwnd;	   /* segments */
	uint32_t ssthresh; /* segments; CC_SSTHRESH_NONE: no loss yet */
	uint32_t cnt;	   /* segments acknowledged, not yet paid out */
	uint32_t prior_cwnd; /* segments, before the reduction */
	uint32_t prior_ssthresh; /* to be restored; 0: nothing */
	uint32_t prr_delivered, prr_out; /* segments, RFC 6937 */
	/* RFC 7661 as Linux does it: is the window used? */
	bool limited;	   /* it stopped us, in the flight up to usage_end */
	uint32_t max_out;  /* segments; most in flight, when it did not */
	struct seq usage_end;
	uint32_t used;	   /* segments; most of it used since `stamp` */
	struct instant stamp;
	uint64_t pacing_rate;	  /* bytes/s; 0: not known */
	bool pacing_needed;	  /* segments must leave at that rate */
	union { /* of ops */
		struct cubic cubic;
		struct bbr bbr;
	};
};

#define CC_SSTHRESH_NONE 0x7fffffffu /* Linux: TCP_INFINITE_SSTHRESH */

extern const struct cc_ops cc_reno, cc_cubic, cc_bbr;
void cc_bbr_info(const struct conn *c, struct tcp_bbr_view *out);

/* The default for a number that is none. */
const struct cc_ops *cc_by_number(unsigned k);

void cc_init(struct conn *c, struct instant now, const struct cc_ops *ops);
/* Another algorithm goes on from the same window (TCP_CONGESTION). */
void cc_switch(struct conn *c, struct instant now, const struct cc_ops *ops);
/* The user's limit has changed, or the rate has. */
void cc_limit_rate(struct conn *c);
uint32_t cc_initial_window(const struct conn *c);
void cc_set_state(struct conn *c, struct instant now, enum ca_state to);
void cc_event(struct conn *c, struct instant now, enum cc_event ev);
bool cc_in_slow_start(const struct cc *cc);
/* Has the window been in use (RFC 7661)? */
bool cc_is_limited(const struct cc *cc);
/* CWR or RECOVERY: PRR governs the window. */
bool cc_is_reducing(const struct conn *c);
/* What ssthresh would be remembered if we stopped now. */
uint32_t cc_current_ssthresh(const struct conn *c);
/* A reduction begins, goes on, ends. */
void cc_begin_reduction(struct conn *c, struct instant now);
void cc_enter_cwr(struct conn *c, struct instant now);
void cc_reduce(struct conn *c, const struct ack *a, uint32_t delivered,
	uint32_t lost);
void cc_end_reduction(struct conn *c, struct instant now);
void cc_undo(struct conn *c, struct instant now);
/* An acknowledgement's last step. */
void cc_control(struct conn *c, struct instant now, const struct ack *a);
/* After sending: did the window stop us? */
void cc_validate(struct conn *c, struct instant now, bool limited);
/* Before sending new data. */
void cc_restart_after_idle(struct conn *c, struct instant now);

/* For algorithms. */
uint32_t cc_slow_start(struct cc *cc, uint32_t acked); /* what is left over */
void cc_grow_by(struct cc *cc, uint32_t w, uint32_t acked); /* acked / w */
uint32_t cc_reno_undo(struct conn *c);

#endif
