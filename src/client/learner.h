/* Inside the client: what a thread has learnt of its waits, and so whether it spins
 * before it sleeps. Plain state: no clock, nothing shared. Zero is fresh.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_LEARNER_H
#define CLIENT_LEARNER_H

#include <stdbool.h>
#include <stdint.h>

struct learner {
	uint32_t rest;	   /* points until it tries again; 0: it spins */
	uint8_t misses;	   /* in a row */
	uint8_t hits;	   /* since the last decay of the busy rest */
	uint8_t idle, crowd; /* how often the next rest of that kind is doubled */
	bool paying;	   /* a hit came since the last rest */
	bool crowded;	   /* why it rests */
};

/* How a sleep was, for who rests. */
enum slept {
	SLEPT_LONG,  /* or it ended by what no spin would have seen */
	SLEPT_MIDDLE,
	SLEPT_SHORT, /* about as long as two wake-ups */
};

static inline bool learner_spins(const struct learner *l)
{
	return l->rest == 0;
}

/* A spin's end: it was found; it was not; others need the processor. */
void learner_hit(struct learner *l);
void learner_miss(struct learner *l);
void learner_crowded(struct learner *l);
/* Who rests has slept. other_spins: the other side says that it spins. */
void learner_slept(struct learner *l, enum slept how, bool other_spins);

#endif
