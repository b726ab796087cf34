/* Finds records whose stand-in no longer exists anywhere and gives them back.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_SWEEP_H
#define SERVICE_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "loop.h"

struct host;

struct suspect {
	uint32_t sock, gen;
	struct instant since; /* first seen so */
};

struct sweep {
	struct host *host;
	struct loop_timer timer;
	struct instant last;
	uint32_t changes;	/* hdr->changes at the last sweep */
	uint32_t living;	/* records that are left after it */
	struct suspect *suspects; /* ours: had neither stand-in nor owner at the
				     last sweep */
	uint32_t n_suspects;
};

void sweep_init(struct sweep *s, struct host *h);
void sweep_stop(struct sweep *s);
/* Somebody died: sweep as soon as the rate limit allows. */
void sweep_soon(struct sweep *s);
/* Has a program closed something since? Then sweep when it has become quieter. */
void sweep_look(struct sweep *s);
/* Now. Returns the records left alive. */
uint32_t sweep_run(struct sweep *s);

#endif
