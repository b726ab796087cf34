/* What a connection remembers of losses, reordering and the rate of delivery.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_LOSSSTATE_H
#define TCP_LOSSSTATE_H

#include "cc.h"

/* RFC 8985 6.1. */
struct rack {
	struct instant xmit;	/* newest delivered one's sending */
	struct seq end;		/* its end */
	struct duration rtt;	/* its round trip */
	bool advanced;		/* since the last look */
	bool dsack_seen;	/* we were too hasty */
	uint8_t steps;		/* quarters of the smallest round trip */
	uint8_t persist;	/* recoveries for which they stay */
	uint32_t last_delivered; /* segments, when they were last changed */
};

/* Loss recovery: recovery.c, sack.c, rack.c. */
struct recovery {
	enum ca_state state;
	struct seq point;	/* ends when this is acknowledged */
	uint32_t reno_sacked;	/* duplicates, without SACK only */
	struct seq fack;	/* end of the highest SACKed */
	struct rack rack;
	uint32_t reordering;	/* segments: how far out of order they may be */
	uint32_t reord_seen;	/* times */
	uint32_t dsack_dups;	/* segments that came twice */
	bool reneged;		/* SACKed ones were dropped (RFC 2018 8) */
	bool frto;		/* RFC 5682: was the timeout spurious? */
	bool undo_on;		/* the reduction may yet be undone */
	struct seq undo_from;	/* SND.UNA when it began */
	int32_t undo_retrans;	/* retransmissions not proven needless; -1: none
				   was made */
	bool resent;		/* the first of this episode, at resent_ts: */
	uint32_t resent_ts;	/* its TSval */
	bool tlp_out;		/* a probe is out */
	bool tlp_retrans;	/* it was a retransmission */
	struct seq tlp_end;
	unsigned timeouts;	/* in a row */
};

/* How fast segments arrive: rate.c. */
struct rate {
	uint32_t delivered;    /* segments */
	uint32_t delivered_ce; /* of them marked (RFC 3168) */
	uint32_t lost;	       /* segments judged so */
	uint32_t app_limited;  /* until so many are delivered; 0: no */
	struct instant delivered_at; /* the newest delivery */
	struct instant first_at;     /* the flight's first sending */
	uint32_t rate_delivered; /* segments in: */
	int64_t interval_ns;	 /* the last rate measured */
	bool rate_app_limited;
};

#endif
