/* What is in flight: one record for each segment sent and not yet acknowledged,
 * in order of sequence number, in a ring that grows while the window does. The
 * bytes themselves stay in the transmit fifo; records are never copied out.
 *
 *   in flight = out - sacked - lost + retrans   (bytes; RFC 6675's pipe)
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_SENDQ_H
#define TCP_SENDQ_H

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"
#include "wire/seq.h"

enum txseg_flag {
	TXSEG_SYN = 1 << 0,
	TXSEG_FIN = 1 << 1,	/* the last number is the FIN's */
	TXSEG_SACKED = 1 << 2,	/* the peer says it has it */
	TXSEG_LOST = 1 << 3,	/* judged lost */
	TXSEG_RETRANS = 1 << 4, /* a retransmission is in flight */
	TXSEG_EVER = 1 << 5,	/* was ever retransmitted (Karn) */
	TXSEG_PSH = 1 << 6,	/* carries PSH */
	TXSEG_LAST = 1 << 7,	/* last of what goes out as one (Linux: of an skb) */
	TXSEG_EOR = 1 << 8,	/* nothing may be joined to its end (MSG_EOR) */
	TXSEG_APP_LIMITED = 1 << 9, /* sent when the program gave too little */
	TXSEG_JUDGED = 1 << 10, /* RACK has taken it for lost since it was sent */
};

struct txseg {
	struct seq start;
	uint32_t len; /* sequence numbers: bytes, SYN, FIN */
	struct instant sent; /* last time */
	uint16_t flags; /* set of enum txseg_flag */
	/* When it was sent last, for the rate of delivery (rate.c): */
	uint32_t delivered;	     /* segments delivered so far */
	struct instant delivered_at; /* the newest delivery known */
	struct instant first_at;     /* its flight's first sending */
};

struct sendq {
	struct txseg *ring; /* own, `cap` of them, a power of two */
	uint32_t cap;
	uint32_t head;
	uint32_t n;
	uint32_t out;	  /* sequence numbers in all records */
	uint32_t sacked;  /* in SACKED ones */
	uint32_t lost;	  /* in LOST ones */
	uint32_t retrans; /* in RETRANS ones */
	uint32_t nsacked, nlost, nretrans; /* how many of them */
};

void sendq_init(struct sendq *q);
void sendq_fini(struct sendq *q);
/* Room for one more record? Grows the ring; false at the limit or when memory
 * is short. */
bool sendq_make_room(struct sendq *q);
/* Room was made. Returns the record. */
struct txseg *sendq_push(struct sendq *q, struct seq start, uint32_t len,
	uint16_t flags, struct instant now);
static inline struct txseg *sendq_at(const struct sendq *q, uint32_t i)
{
	return &q->ring[(q->head + i) & (q->cap - 1)];
}
/* Takes the first record out. */
void sendq_pop(struct sendq *q);
/* Takes n numbers off the front of the first record (partly acknowledged). */
void sendq_trim(struct sendq *q, uint32_t n);
/* Cuts record i after `len` numbers; room was made. */
void sendq_split(struct sendq *q, uint32_t i, uint32_t len);
/* Joins record i + 1 to record i. */
void sendq_join(struct sendq *q, uint32_t i);
/* Set and clear flags, with the sums kept right. */
void sendq_mark(struct sendq *q, struct txseg *s, uint16_t set, uint16_t clear);
/* The first record that ends after s; q->n if none. */
uint32_t sendq_find(const struct sendq *q, struct seq s);
uint32_t sendq_in_flight(const struct sendq *q);
/* The same in segments (Linux: tcp_packets_in_flight()). */
static inline uint32_t sendq_packets(const struct sendq *q)
{
	return q->n - q->nsacked - q->nlost + q->nretrans;
}

static inline struct seq txseg_end(const struct txseg *s)
{
	return seq_add(s->start, s->len);
}

#endif
