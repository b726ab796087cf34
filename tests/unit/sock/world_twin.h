/* A connection against a naive twin: never a byte too many is taken, never one less than
 * there is room for, and what comes out is what went in. For tests that include world.h.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef WORLD_TWIN_H
#define WORLD_TWIN_H

#include "world.h"

/* How a test sends and receives; both as sock_send() and sock_recv() count. */
struct twin {
	ssize_t (*put)(struct rng *r, uint32_t i, const void *p, size_t n);
	ssize_t (*get)(struct rng *r, uint32_t i, void *p, size_t n);
	uint32_t sent; /* out */
};

/* Writes and reads of all lengths, mostly short ones, through a small ring from a to b. */
static inline void twin_run(struct twin *t, uint32_t a, uint32_t b)
{
	static uint8_t in[9000], out[9000];
	uint32_t limit, sent = 0, taken = 0;
	struct rng r;

	rng_init(&r, 5);
	set_int(a, SOL_SOCKET, SO_SNDBUF, 4096);
	set_int(b, SOL_SOCKET, SO_RCVBUF, 4096);
	limit = env.arena->fifos[at(a)->tx].limit;
	for (int step = 0; step < 60000; step++) {
		uint32_t len = 1 + rng_below(&r, step % 3 ? 60 : sizeof(in));
		uint32_t room = limit - (sent - taken), fits = len < room ? len : room;
		ssize_t n;

		for (uint32_t k = 0; k < len; k++)
			in[k] = (uint8_t)((sent + k) * 7);
		CHECK_INT(t->put(&r, a, in, len), ==, fits ? (ssize_t)fits : -EAGAIN);
		sent += fits;
		len = rng_below(&r, step % 5 ? 50 : sizeof(out));
		if (len == 0 || sent == taken)
			continue;
		n = t->get(&r, b, out, len);
		CHECK_INT(n, ==, len < sent - taken ? len : sent - taken);
		for (ssize_t k = 0; k < n; k++)
			if (out[k] != (uint8_t)((taken + (uint32_t)k) * 7))
				CHECK_INT(k, ==, -1);
		taken += (uint32_t)n;
	}
	CHECK(sent > 1000000); /* the ring was gone round */
	t->sent = sent;
}

#endif
