/* Epoll sets that no registered process holds.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_ORPHANS_H
#define SERVICE_ORPHANS_H

#include <stdint.h>

#include "loop.h"

struct host;

struct orphans {
	struct host *host;
	struct loop_timer timer;
	uint32_t *seen; /* by index: generation of a set without holder at the
			   last look, else 0 */
};

void orphans_init(struct orphans *o, struct host *h);
void orphans_stop(struct orphans *o);
/* The process of this slot is dead: it holds no set any more. */
void orphans_release(struct orphans *o, uint32_t slot);
/* Look whether any set has lost its last holder. */
void orphans_look(struct orphans *o);

#endif
