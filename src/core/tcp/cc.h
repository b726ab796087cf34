/* Congestion control: how large the window may be. What was lost and what is
 * sent again is recovery.c's; an algorithm only answers three questions.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_CC_H
#define TCP_CC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

struct cc;

struct cc_ops {
	const char *name;
	/* `acked` new bytes were acknowledged in congestion avoidance while
	 * the window was used to the full. srtt is smoothed round trip. */
	void (*avoid)(struct cc *cc, struct instant now, uint32_t acked,
		struct duration srtt);
	/* A loss: the new ssthresh in bytes. */
	uint32_t (*reduce)(struct cc *cc, struct instant now);
};

struct cc {
	const struct cc_ops *ops;
	uint32_t mss;	   /* bytes */
	uint32_t cwnd;	   /* bytes */
	uint32_t ssthresh; /* bytes */
	uint32_t credit;   /* Reno: bytes acknowledged, not yet paid out */
	/* CUBIC (RFC 9438 4.1) */
	struct instant epoch; /* start of this avoidance; NEVER: none */
	uint32_t w_max;	      /* bytes */
	uint32_t w_est;	      /* bytes, what Reno would have */
	uint32_t w_prior;     /* bytes, cwnd before the last reduction */
	int64_t k_ms;	      /* ms from epoch to w_max */
};

extern const struct cc_ops cc_reno, cc_cubic;

void cc_init(struct cc *cc, const struct cc_ops *ops, uint32_t mss);
/* Another algorithm goes on from the same window (TCP_CONGESTION). */
void cc_switch(struct cc *cc, const struct cc_ops *ops);
/* The segment size changed; the window keeps its bytes, but for a floor. */
void cc_set_mss(struct cc *cc, uint32_t mss);
/* New data acknowledged outside recovery. full: the window limited us. */
void cc_acked(struct cc *cc, struct instant now, uint32_t acked,
	struct duration srtt, bool full);
/* ssthresh for a loss seen now. */
void cc_loss(struct cc *cc, struct instant now);
/* Idle for longer than an RTO (RFC 5681 4.1), or nothing measured (start). */
void cc_restart(struct cc *cc);
uint32_t cc_initial_window(uint32_t mss);

#endif
